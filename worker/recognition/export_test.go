package recognition

import "time"

// Held returns how much audio is held.
func (r *Recognition) Held() time.Duration {
	r.tape.mu.Lock()
	defer r.tape.mu.Unlock()
	return r.tape.end - r.tape.begin
}
