// Package ecs speaks to workers as Amazon ECS does to the tasks of a
// service: the task metadata, the agent that protects a task, and the API that
// tells which revision the service is to run. It starts and stops nothing.
package ecs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Service is an ECS service whose tasks are processes on this machine. It is
// safe for concurrent use.
type Service struct {
	url     string
	server  *http.Server
	serving sync.WaitGroup

	mu       sync.Mutex
	revision int
	tasks    map[string]*task
}

// task is one worker.
type task struct {
	revision  int
	protected bool
}

const (
	cluster = "arn:aws:ecs:us-east-1:111122223333:cluster/casey"
	family  = "CaseyTask"
	service = "casey-Workers"
)

// Start serves a service of revision 1 without tasks, until Close.
func Start(ctx context.Context) (*Service, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("fargate: %w", err)
	}
	s := &Service{url: "http://" + listener.Addr().String(), revision: 1, tasks: map[string]*task{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v4/{task}/task", s.describe)
	mux.HandleFunc("PUT /agent/{task}/task-protection/v1/state", s.protect)
	mux.HandleFunc("POST /{$}", s.call)
	s.server = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	s.serving.Go(func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			panic(fmt.Sprintf("fargate: %v", err)) // on a loopback socket that nobody else has
		}
	})
	return s, nil
}

// Close serves no longer.
func (s *Service) Close() {
	_ = s.server.Close() // of connections that are of no use any more
	s.serving.Wait()
}

// Env returns the variables that ECS puts into the environment of a task, and the
// address of its API.
func (s *Service) Env(task string) []string {
	return []string{
		"ECS_CONTAINER_METADATA_URI_V4=" + s.url + "/v4/" + task, "ECS_AGENT_URI=" + s.url + "/agent/" + task,
		"AWS_ENDPOINT_URL_ECS=" + s.url,
	}
}

// Deploy makes another revision the one to run. A task that asks from now on
// what it is, is of that one.
func (s *Service) Deploy() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision++
}

// Outdated lists the tasks of older revisions, protected or not.
func (s *Service) Outdated() (protected, free []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name, t := range s.tasks {
		switch {
		case t.revision == s.revision:
		case t.protected:
			protected = append(protected, name)
		default:
			free = append(free, name)
		}
	}
	return protected, free
}

// Stopped forgets a task.
func (s *Service) Stopped(task string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tasks, task)
}

// describe answers as the task metadata endpoint.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html
func (s *Service) describe(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("task")
	s.mu.Lock()
	t := &task{revision: s.revision}
	s.tasks[name] = t
	s.mu.Unlock()
	network := map[string]any{"NetworkMode": "awsvpc", "IPv4Addresses": []string{"127.0.0.1"}, "MACAddress": "0a:62:17:7a:36:68"}
	answer(w, map[string]any{
		"Cluster": cluster, "TaskARN": arn(name), "Family": family, "Revision": fmt.Sprint(t.revision), "ServiceName": service,
		"LaunchType": "FARGATE", "Containers": []any{map[string]any{"Name": "worker", "Networks": []any{network}}},
	})
}

func arn(task string) string { return "arn:aws:ecs:us-east-1:111122223333:task/casey/" + task }

// protect answers as the agent.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
func (s *Service) protect(w http.ResponseWriter, r *http.Request) {
	var wanted struct{ ProtectionEnabled bool }
	name := r.PathValue("task")
	s.mu.Lock()
	t := s.tasks[name]
	s.mu.Unlock()
	if json.NewDecoder(r.Body).Decode(&wanted) != nil || t == nil {
		answer(w, map[string]any{"error": map[string]any{"Arn": arn(name), "Code": "InvalidParameterException", "Message": "no such task"}})
		return
	}
	s.mu.Lock()
	t.protected = wanted.ProtectionEnabled
	s.mu.Unlock()
	answer(w, map[string]any{"protection": map[string]any{"ProtectionEnabled": wanted.ProtectionEnabled, "TaskArn": arn(name)}})
}

// call answers DescribeServices, the one operation that workers use.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
func (s *Service) call(w http.ResponseWriter, r *http.Request) {
	if target := r.Header.Get("X-Amz-Target"); target != "AmazonEC2ContainerServiceV20141113.DescribeServices" {
		http.Error(w, `{"__type":"InvalidParameterException","message":"only DescribeServices is here"}`, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	now, older := s.revision, map[int]bool{}
	for _, t := range s.tasks {
		older[t.revision] = t.revision != now
	}
	s.mu.Unlock()
	deployments := []any{deployment("PRIMARY", now)}
	for revision, old := range older {
		if old {
			deployments = append(deployments, deployment("ACTIVE", revision))
		}
	}
	answer(w, map[string]any{"services": []any{map[string]any{"serviceName": service, "deployments": deployments}}, "failures": []any{}})
}

func deployment(status string, revision int) map[string]any {
	return map[string]any{
		"status": status, "taskDefinition": fmt.Sprintf("arn:aws:ecs:us-east-1:111122223333:task-definition/%s:%d", family, revision),
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(v) // a task that has gone needs no answer
}
