package ecs_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"casey.internal/worker/ecs"
)

// document is what Fargate's endpoint answers for a task, shortened.
const document = `{"Cluster":"arn:aws:ecs:us-east-1:111122223333:cluster/casey","TaskARN":"arn:aws:ecs:us-east-1:111122223333:task/casey/e9028f8d5d8e4f258373e7b93ce9a3c3",
"Family":"CaseyTask","Revision":"7","ServiceName":"casey-Workers","DesiredStatus":"RUNNING","KnownStatus":"RUNNING","Limits":{"CPU":1,"Memory":2048},
"Containers":[{"DockerId":"cd18","Name":"worker","Networks":[{"NetworkMode":"awsvpc","IPv4Addresses":["10.42.3.108"],"AttachmentIndex":0,"MACAddress":"0a:62:17:7a:36:68","IPv4SubnetCIDRBlock":"10.42.0.0/20"}]}],
"LaunchType":"FARGATE","AvailabilityZone":"us-east-1a"}`

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestTheTaskIsDescribed(t *testing.T) {
	uri := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v4/abc/task" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, document)
	})
	got, err := ecs.Describe(t.Context(), http.DefaultClient, uri+"/v4/abc")
	want := ecs.Task{Cluster: "arn:aws:ecs:us-east-1:111122223333:cluster/casey", Service: "casey-Workers", Family: "CaseyTask", Revision: "7", MAC: "0a:62:17:7a:36:68", CPUs: 1}
	if err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := ecs.Describe(t.Context(), http.DefaultClient, uri+"/v4/other"); err == nil {
		t.Error("an endpoint that is not there describes a task")
	}
}

// agent answers as the ECS agent does.
type agent struct {
	mu    sync.Mutex
	says  string
	asked []string
}

func (a *agent) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	a.asked = append(a.asked, r.Method+" "+r.URL.Path+" "+string(body))
	var wanted struct{ ProtectionEnabled bool }
	if a.says == "" && json.Unmarshal(body, &wanted) == nil {
		_ = json.NewEncoder(w).Encode(map[string]any{"protection": map[string]any{
			"ProtectionEnabled": wanted.ProtectionEnabled, "ExpirationDate": "2026-11-21T21:00:00Z", "TaskArn": "arn:task",
		}})
		return
	}
	_, _ = io.WriteString(w, a.says)
}

func TestProtectionIsTakenAndGivenBack(t *testing.T) {
	a := &agent{}
	p := ecs.NewProtection(http.DefaultClient, serve(t, a.ServeHTTP), quiet())
	if err := p.Take(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.Release(t.Context())
	want := []string{
		`PUT /task-protection/v1/state {"ProtectionEnabled":true,"ExpiresInMinutes":20}`,
		`PUT /task-protection/v1/state {"ProtectionEnabled":false}`,
	}
	if len(a.asked) != 2 || a.asked[0] != want[0] || a.asked[1] != want[1] {
		t.Errorf("asked %q", a.asked)
	}
}

func TestRefusedProtectionIsAnErrorWithItsReason(t *testing.T) {
	for says, reason := range map[string]string{
		`{"failure":{"Arn":"arn:task","Detail":"blocked","Reason":"DEPLOYMENT_BLOCKED"}}`:                        "DEPLOYMENT_BLOCKED",
		`{"error":{"Arn":"arn:task","Code":"AccessDeniedException","Message":"not authorized"},"requestID":"1"}`: "AccessDeniedException",
		`{"protection":{"ProtectionEnabled":false,"TaskArn":"arn:task"}}`:                                        "unchanged",
	} {
		a := &agent{says: says}
		err := ecs.NewProtection(http.DefaultClient, serve(t, a.ServeHTTP), quiet()).Take(t.Context())
		if refused, ok := errors.AsType[*ecs.RefusedError](err); !ok || refused.Reason != reason {
			t.Errorf("%s: %v", says, err)
		}
	}
	a := &agent{says: "busy"}
	if err := ecs.NewProtection(http.DefaultClient, serve(t, a.ServeHTTP), quiet()).Take(t.Context()); err == nil {
		t.Error("an answer that is none protects")
	}
}

// round is an agent without a network, for a bubble.
type round struct{ *agent }

func (r round) RoundTrip(request *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	r.ServeHTTP(recorder, request)
	return recorder.Result(), nil
}

func TestProtectionIsRenewedWhileItIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &agent{}
		p := ecs.NewProtection(&http.Client{Transport: round{a}}, "http://agent", quiet())
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = p.Run(ctx) })
		asked := func(after time.Duration) int {
			time.Sleep(after)
			synctest.Wait()
			a.mu.Lock()
			defer a.mu.Unlock()
			return len(a.asked)
		}
		if n := asked(time.Hour); n != 0 {
			t.Errorf("asked %d times before it was taken", n)
		}
		if err := p.Take(ctx); err != nil {
			t.Fatal(err)
		}
		if n := asked(20 * time.Minute); n != 5 {
			t.Errorf("asked %d times in 20 minutes", n)
		}
		p.Release(ctx)
		if n := asked(time.Hour); n != 6 {
			t.Errorf("asked %d times after it was given back", n-6)
		}
		cancel()
		running.Wait()
	})
}

// deployed says what is deployed, after so many failures: another revision from
// a time on.
type deployed struct {
	fails int
	newer time.Time
}

func (d *deployed) Current(_ context.Context, cluster, service string) (string, error) {
	if d.fails--; d.fails >= 0 || cluster != "c" || service != "s" {
		return "", errors.New("throttled")
	}
	if time.Now().Before(d.newer) {
		return "arn:aws:ecs:us-east-1:1:task-definition/CaseyTask:7", nil
	}
	return "arn:aws:ecs:us-east-1:1:task-definition/CaseyTask:8", nil
}

func TestANewerRevisionIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &deployed{fails: 2, newer: time.Now().Add(10*time.Minute + time.Second)}
		w := ecs.NewWatch(ecs.Task{Cluster: "c", Service: "s", Family: "CaseyTask", Revision: "7"}, d, quiet())
		var running sync.WaitGroup
		running.Go(func() {
			if err := w.Run(t.Context()); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		select {
		case <-w.Outdated():
			t.Fatal("outdated by its own revision")
		default:
		}
		<-w.Outdated()
		if waited := time.Since(d.newer); waited < 0 || waited > 30*time.Second {
			t.Errorf("noticed after %v", waited)
		}
		running.Wait()
	})
}

type late struct{ attempts int }

func (l *late) Public(_ context.Context, mac string) (string, error) {
	if l.attempts--; l.attempts > 0 {
		return "", nil
	}
	return map[string]string{"0a:62": "203.0.113.7"}[mac], nil
}

func TestThePublicAddressMayComeLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got, err := ecs.PublicAddress(t.Context(), ecs.Task{MAC: "0a:62"}, &late{attempts: 5})
		if err != nil || got.String() != "203.0.113.7" {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := ecs.PublicAddress(t.Context(), ecs.Task{MAC: "none"}, &late{}); err == nil {
			t.Errorf("an interface without one has %v", got)
		}
	})
}
