// Package rehearsal is an AWS account in memory, as much of one as a deploy
// needs: who somebody is, roles, the assets' bucket and repository, a stack that
// does as it is told, and a service that is healthy. The CDK's own command line
// and ours deploy into it (AWS_ENDPOINT_URL), so that what a user sees can be
// looked at without AWS.
package rehearsal

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"

	"github.com/google/go-containerregistry/pkg/registry"
)

// Number is the account's.
const Number = "111122223333"

// Account is a http.Handler for all services at once.
type Account struct {
	// Outputs are those that a stack has once it is deployed.
	Outputs map[string]string
	// Facts are what the account is like.
	Facts Facts

	images http.Handler

	mu     sync.Mutex
	files  map[string][]byte // in the bucket, by path
	change []byte            // the template of the change set
	stack  []byte            // the template that is deployed; nil = none
	pushed []string          // manifests in the repository
	asked  []string          // actions, in order
}

// New returns an account of GoodFacts.
func New() *Account {
	return &Account{
		Outputs: map[string]string{}, Facts: GoodFacts(), files: map[string][]byte{},
		images: registry.New(registry.Logger(log.New(io.Discard, "", 0))),
	}
}

// Template is what is deployed; empty = nothing.
func (a *Account) Template() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return string(a.stack)
}

// Pushed are the manifests of images that were pushed.
func (a *Account) Pushed() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.pushed
}

// Asked are the actions so far.
func (a *Account) Asked() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.asked
}

// Forget removes what is deployed.
func (a *Account) Forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stack, a.change = nil, nil
}

// ServeHTTP implements http.Handler.
func (a *Account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch target := r.Header.Get("X-Amz-Target"); {
	case strings.HasPrefix(r.URL.Path, "/v2/"):
		a.registry(w, r)
	case target != "":
		_, action, _ := strings.Cut(target, ".")
		a.answerJSON(w, r, action)
	case r.Method == http.MethodGet && a.reader(w, r):
	case r.URL.Path != "/" || r.Method != http.MethodPost:
		a.bucket(w, r)
	default:
		a.answerXML(w, r, r.FormValue("Action"))
	}
}

// registry is the repository's, behind a password.
func (a *Account) registry(w http.ResponseWriter, r *http.Request) {
	if user, password, _ := r.BasicAuth(); user != "AWS" || password != "token" {
		w.Header().Set("WWW-Authenticate", `Basic realm="ECR"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/manifests/") {
		a.mu.Lock()
		a.pushed = append(a.pushed, r.URL.Path)
		a.mu.Unlock()
	}
	a.images.ServeHTTP(w, r)
}

// bucket keeps what is put.
func (a *Account) bucket(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	query := r.URL.Query()
	switch {
	case r.Method == http.MethodPut:
		data, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		a.files[r.URL.Path] = data
	case query.Has("location"):
		_, _ = io.WriteString(w, `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>`)
	case query.Has("encryption"):
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, `<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code></Error>`)
	case query.Has("list-type"):
		_, _ = io.WriteString(w, `<ListBucketResult></ListBucketResult>`)
	default:
		_, _ = w.Write(a.files[r.URL.Path])
	}
}

// answerJSON is SSM, ECR and ECS.
func (a *Account) answerJSON(w http.ResponseWriter, r *http.Request, action string) {
	if action == "ListServiceQuotas" {
		var asked struct{ ServiceCode string }
		_ = json.NewDecoder(r.Body).Decode(&asked) // an empty one has no quotas
		a.tell(w, action, a.quotas(asked.ServiceCode))
		return
	}
	a.note(action)
	answers := map[string]any{
		"GetParameter":         map[string]any{"Parameter": map[string]string{"Name": "version", "Value": "30"}},
		"DescribeRepositories": map[string]any{"repositories": []any{map[string]string{"repositoryName": "assets", "repositoryUri": r.Host + "/assets"}}},
		"GetAuthorizationToken": map[string]any{"authorizationData": []any{map[string]any{
			"authorizationToken": base64.StdEncoding.EncodeToString([]byte("AWS:token")), "proxyEndpoint": "http://" + r.Host, "expiresAt": 4e9,
		}}},
		"DescribeServices": map[string]any{"services": []any{map[string]any{"deployments": []any{map[string]any{"status": "PRIMARY", "desiredCount": 1, "runningCount": 1}}}}},
	}
	answer, known := answers[action]
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if !known { // DescribeImages: it is not there yet
		w.WriteHeader(http.StatusBadRequest)
		answer = map[string]string{"__type": "ImageNotFoundException", "message": "not there"}
	}
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		panic(fmt.Sprintf("rehearsal: %v", err)) // strings and numbers can be written
	}
}

func (a *Account) note(action string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, action)
}
