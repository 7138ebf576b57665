// Package ecs is a worker's side of Amazon ECS: which task it is, how browsers
// reach it, how it is kept from being stopped while it holds interviews, and
// how it learns that a newer revision is there. Two addresses that ECS puts
// into the environment of every container say that there is an ECS at all.
//
// It speaks to ECS's own endpoints in the task; what needs an SDK is handed in,
// and is in the packages below.
package ecs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// The variables that ECS sets.
const (
	MetadataVariable = "ECS_CONTAINER_METADATA_URI_V4"
	AgentVariable    = "ECS_AGENT_URI"
)

// callWithin bounds one request to an endpoint in the task.
const callWithin = 5 * time.Second

// maxDocument bounds what is read of an answer, in bytes.
const maxDocument = 1 << 20

// Task is the task that this process runs in.
type Task struct {
	Cluster  string // name or ARN
	Service  string // empty: not of a service
	Family   string // of the task definition
	Revision string
	MAC      string  // of its network interface
	CPUs     float64 // that it may use on the average; 0 = as many as there are
}

// metadata is the part of the task metadata that is used.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html
type metadata struct {
	Cluster     string
	ServiceName string
	Family      string
	Revision    string
	Limits      struct{ CPU float64 }
	Containers  []struct {
		Networks []struct {
			NetworkMode string
			MACAddress  string
		}
	}
}

// errNoNetwork says that the task has no network interface of its own.
var errNoNetwork = errors.New("ecs: the metadata has no network interface")

// Describe asks the metadata endpoint, whose address is uri.
func Describe(ctx context.Context, client *http.Client, uri string) (Task, error) {
	var m metadata
	if err := call(ctx, client, http.MethodGet, uri+"/task", nil, &m); err != nil {
		return Task{}, fmt.Errorf("ecs: describe the task: %w", err)
	}
	t := Task{Cluster: m.Cluster, Service: m.ServiceName, Family: m.Family, Revision: m.Revision, CPUs: m.Limits.CPU}
	for _, c := range m.Containers {
		for _, n := range c.Networks {
			if n.NetworkMode == "awsvpc" && n.MACAddress != "" {
				t.MAC = n.MACAddress
				return t, nil
			}
		}
	}
	return Task{}, errNoNetwork
}

// call makes one request, with a JSON body where there is one, and reads the
// JSON answer. What is not 2xx is an error with what the endpoint said.
func call(ctx context.Context, client *http.Client, method, url string, body, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, callWithin)
	defer cancel()
	var content io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = strings.NewReader(string(data))
	}
	request, err := http.NewRequestWithContext(ctx, method, url, content)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxDocument))
	if err != nil {
		return err
	}
	if json.Unmarshal(data, answer) != nil || response.StatusCode/100 != 2 {
		return fmt.Errorf("%s: %.200s", response.Status, data)
	}
	return nil
}
