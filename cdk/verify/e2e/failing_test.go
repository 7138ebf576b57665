package e2e

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"casey.internal/cdk/client"
	"casey.internal/cdk/local"
	"casey.internal/cdk/local/aws/control"
	"casey.internal/shared/channel"
	"casey.internal/shared/interview"
	"casey.internal/worker/conversation"
)

// failLimit bounds a session whose service fails: recognition alone tries for half a
// minute.
const failLimit = 75 * time.Second

// misfortune is a way in which a service fails for good, and whom it befalls:
// the model fails on the beginning of one answer, the voice on the word of
// another that the reply takes up. Neither is at the end: replies are begun
// before that.
type misfortune struct {
	name         string
	fault        control.Fault
	model, begun string
	voice, taken string
}

var misfortunes = []misfortune{
	{"down", control.Fault{Down: true},
		"In my free time I build small robots with my daughter.", "In my free", "The deadline was very close and we were all tired.", "tired"},
	{"throttled", control.Fault{Throttle: true},
		"I read the logs and noticed a strange pattern.", "I read the", "I explained the trade off to the rest of the group.", "explained"},
	{"garbage", control.Fault{Garbage: true},
		"We tested every change before we put it into production.", "We tested", "My weakness is that I sometimes say yes too quickly.", "weakness"},
	{"dying", control.Fault{DieAfterEvents: 2},
		"I asked the other department for advice.", "I asked the", "The customer was angry because the order had been lost.", "customer"},
}

// TestServicesThatFail lets each service fail in each way for one session of a
// worker, all side by side, while another goes on as if nothing was.
func TestServicesThatFail(t *testing.T) {
	long(t)
	stack := start(t, local.Config{Standin: exact(), WorkerEnv: []string{"LOG_LEVEL=info"}})
	ctx := within(t, failLimit)
	var guests party
	for _, m := range misfortunes {
		model, voice := m.fault, m.fault
		model.Only, voice.Only = []string{m.begun}, []string{m.taken}
		setFault(t, stack, control.Bedrock, model)
		setFault(t, stack, control.Polly, voice)
		guests.invite("model "+m.name, func() error {
			return visitor(ctx, stack, func(g *guest) error { return withoutModel(ctx, g, m.model) })
		})
		guests.invite("voice "+m.name, func() error {
			return visitor(ctx, stack, func(g *guest) error { return withoutVoice(ctx, g, m.voice) })
		})
	}
	guests.invite("untouched", func() error { return visitor(ctx, stack, func(g *guest) error { return untouched(ctx, g) }) })
	awaitStreams(t, stack, int64(2*len(misfortunes)+1))
	guests.invite("recognition", func() error { return visitor(ctx, stack, func(g *guest) error { return withoutRecognition(ctx, g) }) })
	for _, m := range misfortunes[:3] { // each for a while: with none of them is anything recognised
		setFault(t, stack, control.Transcribe, m.fault)
		pass(t, 8*time.Second)
	}
	guests.wait(t)
	freed(t, stack)
}

// withoutModel hears an apology for each reply that fails, and the regret.
func withoutModel(ctx context.Context, g *guest, said string) error {
	s := conversation.Defaults()
	if err := g.answer(ctx, said); err != nil {
		return err
	}
	for range s.MaxFailures - 1 {
		if err := g.hears(ctx, s.Apology); err != nil {
			return err
		}
		if err := g.nudge(ctx); err != nil {
			return err
		}
	}
	if err := g.hears(ctx, s.Regret); err != nil {
		return err
	}
	return g.over(ctx)
}

// withoutVoice hears an apology where a reply could not be said, and the next
// reply, which can.
func withoutVoice(ctx context.Context, g *guest, said string) error {
	if err := g.answer(ctx, said); err != nil {
		return err
	}
	if err := g.hears(ctx, conversation.Defaults().Apology); err != nil {
		return err
	}
	if err := g.nudge(ctx); err != nil {
		return err
	}
	return g.hears(ctx, "")
}

// withoutRecognition hears the regret when recognition has been tried for long enough.
func withoutRecognition(ctx context.Context, g *guest) error {
	began := time.Now()
	if err := g.hears(ctx, conversation.Defaults().Regret); err != nil {
		return err
	}
	if tried := time.Since(began); tried < 25*time.Second {
		return fmt.Errorf("given up after %v", tried)
	}
	return g.over(ctx)
}

// untouched has two replies to what was said, and no trouble.
func untouched(ctx context.Context, g *guest) error {
	for _, x := range []struct{ said, taken string }{
		{"My last project was a payment service for a large bank.", "service"},
		{"I worked with three other people on that project.", "project"},
	} {
		if err := g.answer(ctx, x.said); err != nil {
			return err
		}
		if err := g.hears(ctx, x.taken); err != nil {
			return err
		}
		if err := g.await(ctx, "end of the reply", state(channel.Listening)); err != nil {
			return err
		}
	}
	if told := g.notices(); len(told) > 0 {
		return fmt.Errorf("the untouched were told %q", told)
	}
	return nil
}

// TestAVoiceThatIsDownFromTheStart has everything written instead of said, until
// it ends; a sound check beside it sounds all the time.
func TestAVoiceThatIsDownFromTheStart(t *testing.T) {
	long(t)
	stack := start(t, local.Config{Standin: exact(), WorkerEnv: []string{"LOG_LEVEL=info"}})
	ctx := within(t, failLimit)
	beside := join(t, stack)
	connected(t, beside)
	setFault(t, stack, control.Polly, control.Fault{Down: true})
	began, before := time.Now(), packets(beside)
	if err := visitor(ctx, stack, func(g *guest) error { return withoutAnyVoice(ctx, g) }); err != nil {
		t.Error(err)
	}
	most := int(time.Since(began) / client.FrameTime)
	if n := packets(beside) - before; n < most*8/10 {
		t.Errorf("%d packets of %d came to the one beside", n, most)
	}
}

func withoutAnyVoice(ctx context.Context, g *guest) error {
	written := func(line string) func(client.Event) bool {
		return client.Told(func(c *channel.Caption) bool {
			return c.Role == interview.Interviewer && c.Utterance == 0 && strings.Contains(c.Text, line)
		})
	}
	if err := g.await(ctx, "written greeting", written("Hello")); err != nil {
		return err
	}
	voice, err := client.Render(ctx, misfortunes[0].voice, "en-us")
	if err != nil {
		return err
	}
	if err := errors.Join(g.Quiet(ctx, time.Second), g.Speak(ctx, voice)); err != nil {
		return err
	}
	if err := g.await(ctx, "written regret", written(conversation.Defaults().Regret)); err != nil {
		return err
	}
	if len(g.notices()) == 0 {
		return errors.New("no notice that the voice failed")
	}
	return g.over(ctx)
}

// packets counts those of the voice.
func packets(c *client.Client) (n int) {
	for _, e := range c.Events() {
		if e.Packet != nil {
			n++
		}
	}
	return n
}

// party is many guests at the same time.
type party struct {
	all sync.WaitGroup

	mu    sync.Mutex
	fates map[string]error
}

func (p *party) invite(name string, visit func() error) {
	p.all.Go(func() {
		err := visit()
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.fates == nil {
			p.fates = map[string]error{}
		}
		p.fates[name] = err
	})
}

func (p *party) wait(t *testing.T) {
	t.Helper()
	p.all.Wait()
	for name, err := range p.fates {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// visitor lets somebody in, do something, and go.
func visitor(ctx context.Context, stack *local.Stack, visit func(*guest) error) error {
	g, err := enter(ctx, stack)
	if err != nil {
		return err
	}
	defer g.Close()
	return visit(g)
}

// awaitStreams waits until so many transcriptions run.
func awaitStreams(t *testing.T, stack *local.Stack, n int64) {
	t.Helper()
	ctx := within(t, connectLimit)
	for standins(t, stack).Counters[control.Transcribe].Live < n {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			t.Fatal("not all are heard")
		}
	}
}

// pass lets time go by.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}
