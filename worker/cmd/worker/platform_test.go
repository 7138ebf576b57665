package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

func TestWithoutECSThereIsNothingToAsk(t *testing.T) {
	c, err := variables.Read(env("PUBLIC_ADDRESS", "192.0.2.9"))
	if err != nil {
		t.Fatal(err)
	}
	at, err := findPlatform(t.Context(), c, aws.Config{}, slog.New(slog.DiscardHandler))
	if err != nil || at.guard != nil || at.outdated != nil || len(at.loops) != 0 || at.public.String() != "192.0.2.9" {
		t.Errorf("%+v, %v", at, err)
	}
}

func TestOnECSTheTaskIsFound(t *testing.T) {
	ecs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v4/task":
			_, _ = io.WriteString(w, `{"Cluster":"c","ServiceName":"s","Family":"f","Revision":"1","Limits":{"CPU":0.25,"Memory":512},"Containers":[{"Networks":[{"NetworkMode":"awsvpc","MACAddress":"0a:62","IPv4Addresses":["10.42.0.9"]}]}]}`)
		default: // EC2
			w.Header().Set("Content-Type", "text/xml")
			_, _ = io.WriteString(w, `<R><networkInterfaceSet><item><association><publicIp>203.0.113.7</publicIp></association></item></networkInterfaceSet></R>`)
		}
	}))
	defer ecs.Close()
	cfg := aws.Config{Region: "us-east-1", BaseEndpoint: &ecs.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}
	for override, want := range map[string]string{"": "203.0.113.7", "192.0.2.9": "192.0.2.9"} {
		c, err := variables.Read(env("ECS_CONTAINER_METADATA_URI_V4", ecs.URL+"/v4", "ECS_AGENT_URI", ecs.URL, "PUBLIC_ADDRESS", override))
		if err != nil {
			t.Fatal(err)
		}
		at, err := findPlatform(t.Context(), c, cfg, slog.New(slog.DiscardHandler))
		if err != nil || at.public.String() != want || at.guard == nil || at.outdated == nil || at.cpus != 0.25 || len(at.loops) != 2 {
			t.Errorf("%+v, %v, want %s", at, err, want)
		}
	}
}

func TestTheQuotaOfAContainer(t *testing.T) {
	for text, want := range map[string]float64{"50000 100000\n": 0.5, "max 100000\n": 0, "250000 100000\n": 2.5, "": 0} {
		file := filepath.Join(t.TempDir(), "cpu.max")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := quota(file); got != want {
			t.Errorf("%q is %v CPUs, want %v", text, got, want)
		}
	}
	if got := quota("nowhere"); got != 0 {
		t.Errorf("no file is %v CPUs", got)
	}
}

func TestHealthy(t *testing.T) {
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/health" {
			w.WriteHeader(status)
		}
	}))
	address := strings.TrimPrefix(server.URL, "http://")
	healthyNow := func() error {
		return run(t.Context(), []string{"--healthy"}, env("HTTP_ADDRESS", address), t.Output())
	}
	if err := healthyNow(); err != nil {
		t.Error(err)
	}
	status = http.StatusInternalServerError
	if err := healthyNow(); err == nil {
		t.Error("a worker that says 500 is healthy")
	}
	server.Close()
	if err := healthyNow(); err == nil {
		t.Error("a worker that is not there is healthy")
	}
}
