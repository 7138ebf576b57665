package addresses_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"casey.internal/worker/ecs/addresses"
)

// none and one are EC2's answers, shortened.
const (
	none = `<DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><networkInterfaceSet/></DescribeNetworkInterfacesResponse>`
	one  = `<DescribeNetworkInterfacesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId><networkInterfaceSet><item>
		<networkInterfaceId>eni-1</networkInterfaceId><macAddress>0a:62:17:7a:36:68</macAddress><privateIpAddress>10.42.3.108</privateIpAddress>
		<association><publicIp>203.0.113.7</publicIp><ipOwnerId>amazon</ipOwnerId></association></item></networkInterfaceSet></DescribeNetworkInterfacesResponse>`
)

func TestTheInterfaceIsFoundByItsMAC(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		answer := none
		if r.FormValue("Action") == "DescribeNetworkInterfaces" && r.FormValue("Filter.1.Name") == "mac-address" && r.FormValue("Filter.1.Value.1") == "0a:62:17:7a:36:68" {
			answer = one
		}
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	client := addresses.New(aws.Config{Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")})
	for mac, want := range map[string]string{"0a:62:17:7a:36:68": "203.0.113.7", "0a:00:00:00:00:00": ""} {
		if got, err := client.Public(t.Context(), mac); err != nil || got != want {
			t.Errorf("%s: %q, %v", mac, got, err)
		}
	}
}
