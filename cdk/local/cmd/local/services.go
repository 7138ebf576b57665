package main

import (
	"context"
	"errors"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"

	"casey.internal/cdk/deploy/account"
	"casey.internal/cdk/deploy/doctor"
	deployed "casey.internal/cdk/options"
)

// chosen are the options of a deployment that a worker reads as variables.
var chosen = map[string]string{
	"model": "BEDROCK_MODEL", "otherModel": "BEDROCK_MODEL_FALLBACK", "voice": "POLLY_VOICE", "otherVoice": "POLLY_VOICE_FALLBACK", "engine": "POLLY_ENGINE",
}

// services has the doctor look at the model, the voice and the ears, and prints
// what it found. The error says that an interview would fail.
func services(ctx context.Context, cfg aws.Config, getenv func(string) string, out io.Writer) error {
	context := map[string]any{}
	for option, variable := range chosen {
		if value := getenv(variable); value != "" {
			context[option] = value
		}
	}
	o, err := deployed.Parse(context, cfg.Region)
	if err != nil {
		return err
	}
	findings := doctor.Judge(doctor.Services(ctx, doctor.Account{Config: cfg, Identity: account.Identity{Region: cfg.Region}, Options: o}))
	if err := doctor.Print(out, findings); err != nil {
		return err
	}
	if len(doctor.In(doctor.Wrong, findings)) > 0 {
		return errors.New("interviews would fail with AI=aws (above says why, and what mends it); make run without it needs no AWS")
	}
	return nil
}
