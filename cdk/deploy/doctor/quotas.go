package doctor

import (
	"fmt"
	"slices"
	"strings"

	ec2 "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	quotas "github.com/aws/aws-sdk-go-v2/service/servicequotas/types"
)

// fewFunctions is how many Lambdas at a time are too few: the sweep runs always,
// who connects takes two at once, and browsers send their candidates side by side.
const fewFunctions = 100

// Functions is how many Lambdas the account may run at a time.
type Functions struct{ AtOnce Answer[int] }

// Judge implements Check.
//
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
func (f Functions) Judge() Finding {
	const what = "Lambdas at a time"
	if f.AtOnce.Err != nil {
		return unknown(what, f.AtOnce.Err)
	}
	if n := f.AtOnce.Out; n < fewFunctions {
		return Finding{fmt.Sprintf("%s: %d", what, n), Doubt, "when several people connect in the same second, some are refused",
			"aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000"}
	}
	return Finding{What: fmt.Sprintf("%s: %d", what, f.AtOnce.Out)}
}

// Streams is how many streams of Transcribe the account may have at a time.
type Streams struct {
	Told   int // -c streams; 0 = any number
	Quotas Answer[[]quotas.ServiceQuota]
}

// Judge implements Check.
func (s Streams) Judge() Finding {
	const what = "Transcribe's streams at a time"
	if s.Quotas.Err != nil {
		return unknown(what, s.Quotas.Err)
	}
	quota, known := find(s.Quotas.Out, "concurrent", "http/2")
	if !known {
		return Finding{what, Unknown, "Service Quotas does not list them", "https://console.aws.amazon.com/servicequotas/home/services/transcribe/quotas"}
	}
	switch has := int(*quota.Value); {
	case s.Told == 0 || s.Told > has:
		return Finding{fmt.Sprintf("%s: %d", what, has), Doubt, fmt.Sprintf("casey is told %s, and more people than %d are refused in the middle of their first answer", anyNumber(s.Told), has),
			fmt.Sprintf("-c streams=%d, or ask for more: aws service-quotas request-service-quota-increase --service-code transcribe --quota-code %s --desired-value %d", has, text(quota.QuotaCode), max(s.Told, 2*has))}
	case s.Told < has:
		return Finding{What: fmt.Sprintf("%s: %d, of which casey uses %d (-c streams=)", what, has, s.Told)}
	default:
		return Finding{What: fmt.Sprintf("%s: %d", what, has)}
	}
}

func anyNumber(n int) string {
	if n == 0 {
		return "streams=0 (any number)"
	}
	return fmt.Sprintf("streams=%d", n)
}

// Processors is how many virtual processors Fargate has for the account.
type Processors struct {
	Need   float64 // while a deployment runs old and new workers
	Quotas Answer[[]quotas.ServiceQuota]
}

// Judge implements Check.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
func (p Processors) Judge() Finding {
	const what = "Fargate's vCPUs"
	if p.Quotas.Err != nil {
		return unknown(what, p.Quotas.Err)
	}
	quota, known := find(p.Quotas.Out, "fargate on-demand", "vcpu")
	if !known {
		return Finding{what, Unknown, "Service Quotas does not list them", "https://console.aws.amazon.com/servicequotas/home/services/fargate/quotas"}
	}
	if has := *quota.Value; has < p.Need {
		return Finding{fmt.Sprintf("%s: %.0f", what, has), Doubt, fmt.Sprintf("as many workers as maxTasks and streams allow need %.0f, twice for the time of a deploy", p.Need),
			fmt.Sprintf("aws service-quotas request-service-quota-increase --service-code fargate --quota-code %s --desired-value %.0f, or a smaller -c maxTasks=", text(quota.QuotaCode), p.Need)}
	}
	return Finding{What: fmt.Sprintf("%s: %.0f", what, *quota.Value)}
}

// find returns the quota with a value whose name has all these words.
func find(all []quotas.ServiceQuota, words ...string) (quotas.ServiceQuota, bool) {
	for _, q := range all {
		name := strings.ToLower(text(q.QuotaName))
		if q.Value != nil && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, w) }) {
			return q, true
		}
	}
	return quotas.ServiceQuota{}, false
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Zones are the availability zones of a region. Their names mean other places
// in each account; their ids do not.
type Zones struct {
	Arch   string   // arm64 or amd64
	Chosen []string // by -c azs=; of a VPC that was chosen they say nothing
	Here   Answer[[]ec2.AvailabilityZone]
}

// Fargate is not in all zones of these regions, as of November 2026.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html
var (
	onlyIn = map[string][]string{"usw1": {"usw1-az1", "usw1-az3"}, "apne1": {"apne1-az1", "apne1-az2", "apne1-az4"}}
	noARM  = []string{"use1-az3"}
)

// fit reports whether a zone has Fargate on this architecture.
func (z Zones) fit(id string) bool {
	region, _, _ := strings.Cut(id, "-")
	only, limited := onlyIn[region]
	return (!limited || slices.Contains(only, id)) && (z.Arch != "arm64" || !slices.Contains(noARM, id))
}

// zonesWanted is how many the workers are spread over.
const zonesWanted = 2

// Choice returns the zones to take: those that were chosen, nil where the first
// two are as good as any, or else the first two that are.
func (z Zones) Choice() []string {
	if len(z.Chosen) > 0 || z.Here.Err != nil {
		return z.Chosen
	}
	names, ids := z.sorted()
	var good []string
	for i, name := range names {
		if z.fit(ids[i]) {
			good = append(good, name)
		}
	}
	good = good[:min(len(good), zonesWanted)]
	if len(names) >= len(good) && slices.Equal(good, names[:len(good)]) {
		return nil
	}
	return good
}

// sorted returns the zones that are open, by name.
func (z Zones) sorted() (names, ids []string) {
	zones := slices.Clone(z.Here.Out)
	slices.SortFunc(zones, func(a, b ec2.AvailabilityZone) int { return strings.Compare(text(a.ZoneName), text(b.ZoneName)) })
	for _, zone := range zones {
		if zone.State == ec2.AvailabilityZoneStateAvailable && text(zone.ZoneType) != "local-zone" && text(zone.ZoneType) != "wavelength-zone" {
			names, ids = append(names, text(zone.ZoneName)), append(ids, text(zone.ZoneId))
		}
	}
	return names, ids
}

// Judge implements Check.
func (z Zones) Judge() Finding {
	const what = "zones with Fargate"
	if z.Here.Err != nil {
		return unknown(what, z.Here.Err)
	}
	names, ids := z.sorted()
	var bad []string
	for _, name := range z.Chosen {
		if i := slices.Index(names, name); i < 0 || !z.fit(ids[i]) {
			bad = append(bad, name)
		}
	}
	choice := z.Choice()
	switch {
	case len(bad) > 0:
		return Finding{what, Wrong, fmt.Sprintf("Fargate for %s is not in %s", z.Arch, strings.Join(bad, ", ")), "another -c azs="}
	case len(choice) > 0 && len(z.Chosen) == 0:
		return Finding{What: fmt.Sprintf("%s: make deploy takes %s, for Fargate is not in all of them", what, strings.Join(choice, " and "))}
	case len(choice) > 0:
		names = choice
	default:
		names = names[:min(len(names), zonesWanted)]
	}
	return Finding{What: what + ": " + strings.Join(names, " and ")}
}
