package deploy

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"casey.internal/cdk/deploy/account"
	"casey.internal/cdk/deploy/doctor"
)

// anyway is what somebody has to type who deploys although something is wrong.
const anyway = "anyway"

// Doctor looks for what would fail, and says it.
func (d *Deployer) Doctor(ctx context.Context) error {
	d.Whoami()
	_, wrong := d.look(ctx)
	if len(wrong) > 0 {
		return problem(wrong)
	}
	return nil
}

// look prints what the doctor found; it returns what is wrong, and the zones to
// take if the first ones are not good.
func (d *Deployer) look(ctx context.Context) (zones []string, wrong []doctor.Finding) {
	d.say("\nlooking at the account ...")
	checks := d.Look(ctx, d.Options)
	for _, c := range checks {
		if z, ok := c.(doctor.Zones); ok && d.Options.VPC == "" && len(d.Options.AZs) == 0 {
			zones = z.Choice()
		}
	}
	findings := doctor.Judge(checks)
	_ = doctor.Print(d.Out, findings) // as with all that is said
	return zones, doctor.In(doctor.Wrong, findings)
}

// examine looks, and stops where something is wrong unless somebody types that
// they want to go on. That YES=1 does not.
func (d *Deployer) examine(ctx context.Context) (zones []string, err error) {
	zones, wrong := d.look(ctx)
	if len(wrong) == 0 {
		return zones, nil
	}
	answer, err := d.Ask(fmt.Sprintf("\nWhat says NO would fail. Type %q to go on all the same (Enter: stop): ", anyway), "")
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(answer) != anyway {
		return nil, problem(wrong)
	}
	return zones, nil
}

// problem is what is wrong in a sentence.
func problem(wrong []doctor.Finding) error {
	first := wrong[0].What + ": " + wrong[0].Why + ". " + wrong[0].Do
	if len(wrong) > 1 {
		first = fmt.Sprintf("%d things would fail; the first: %s", len(wrong), first)
	}
	return &account.ProblemError{Sentence: first + " (nothing was changed)"}
}

// settleZones takes other zones than the first two where Fargate is not in
// those. A stack that is there keeps the zones that it has, whoever made it and
// wherever: subnets do not move.
func (d *Deployer) settleZones(ctx context.Context, exists bool, zones []string) error {
	if d.Options.VPC != "" || len(d.Options.AZs) > 0 {
		return nil
	}
	if exists {
		deployed, err := d.Account.Template(ctx, d.Options.Name())
		if err != nil {
			return err
		}
		zones = zonesOf(deployed)
	}
	if len(zones) == 0 {
		return nil
	}
	return d.Settle(d, "azs", strings.Join(zones, ","))
}

// zonesOf are the zones that a template names; nil where it leaves them to AWS.
func zonesOf(template []byte) []string {
	var read struct {
		Resources map[string]struct {
			Type       string
			Properties struct{ AvailabilityZone any }
		}
	}
	if json.Unmarshal(template, &read) != nil {
		return nil // YAML, which is none of ours
	}
	var zones []string
	for _, id := range slices.Sorted(maps.Keys(read.Resources)) { // the first subnet's first
		r := read.Resources[id]
		if zone, named := r.Properties.AvailabilityZone.(string); named && r.Type == "AWS::EC2::Subnet" {
			zones = append(zones, zone)
		}
	}
	return zones
}
