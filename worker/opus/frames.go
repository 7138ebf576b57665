package opus

// Valid reports whether packet is laid out as RFC 6716 section 3.2 demands.
func Valid(packet []byte) bool {
	var frames [maxFrames][]byte
	_, ok := split(packet, &frames)
	return ok
}

// Repack appends to dst one packet with the frames of all packets, undecoded: a
// code 3 packet with frames of any size (RFC 6716 3.2.5). ok is false, and dst
// as it was, when they do not fit together: another configuration, one that is
// not valid, or more than 120 ms. A single packet is appended as it is.
func Repack(dst []byte, packets ...[]byte) (joined []byte, ok bool) {
	if len(packets) == 1 && Valid(packets[0]) {
		return append(dst, packets[0]...), true
	}
	var frames [maxFrames][]byte
	count := 0
	for _, p := range packets {
		var own [maxFrames][]byte
		n, ok := split(p, &own)
		if !ok || p[0]&^3 != packets[0][0]&^3 || count+n > maxFrames {
			return dst, false
		}
		count += copy(frames[count:], own[:n])
	}
	if count == 0 || count*TOC(packets[0][0]).FrameSamples() > MaxSamples {
		return dst, false
	}
	dst = append(dst, packets[0][0]|3, 0x80|byte(count)) // variable sizes, no padding
	for _, f := range frames[:count-1] {
		dst = appendSize(dst, len(f))
	}
	for _, f := range frames[:count] {
		dst = append(dst, f...)
	}
	return dst, true
}

// split finds the frames of a packet; they point into it.
func split(packet []byte, frames *[maxFrames][]byte) (count int, ok bool) {
	if Samples(packet) == 0 {
		return 0, false
	}
	body := packet[1:]
	switch packet[0] & 3 {
	case 0:
		frames[0] = body
		return 1, len(body) <= maxFrame
	case 1:
		return 2, splitEven(body, frames[:2])
	case 2:
		return 2, splitSized(body, frames[:2])
	}
	count = int(body[0] & 0x3f)
	variable, padded := body[0]&0x80 != 0, body[0]&0x40 != 0
	body = body[1:]
	if padded {
		if body, ok = unpad(body); !ok {
			return 0, false
		}
	}
	if variable {
		return count, splitSized(body, frames[:count])
	}
	return count, splitEven(body, frames[:count])
}

// splitEven cuts body into frames of one size.
func splitEven(body []byte, frames [][]byte) bool {
	size := len(body) / len(frames)
	if size*len(frames) != len(body) || size > maxFrame {
		return false
	}
	for i := range frames {
		frames[i] = body[i*size : (i+1)*size]
	}
	return true
}

// splitSized cuts body into frames whose sizes stand before them, all but the
// last one's, which is what is left.
func splitSized(body []byte, frames [][]byte) bool {
	var sizes [maxFrames]int
	last := len(frames) - 1
	for i := range last {
		size, used := readSize(body)
		if used == 0 {
			return false
		}
		sizes[i], body = size, body[used:]
	}
	for i := range last {
		if sizes[i] > len(body) {
			return false
		}
		frames[i], body = body[:sizes[i]], body[sizes[i]:]
	}
	frames[last] = body
	return len(body) <= maxFrame
}

// unpad removes the padding at the end of a code 3 packet: sizes of 255 mean
// 254 bytes and another size (RFC 6716 3.2.5).
func unpad(body []byte) ([]byte, bool) {
	padding := 0
	for {
		if len(body) == 0 {
			return nil, false
		}
		size := int(body[0])
		body = body[1:]
		if size < 255 {
			padding += size
			break
		}
		padding += 254
	}
	if padding > len(body) {
		return nil, false
	}
	return body[:len(body)-padding], true
}

// readSize reads a frame size of one or two bytes (RFC 6716 3.2.1); used is 0
// when it is cut off.
func readSize(b []byte) (size, used int) {
	switch {
	case len(b) == 0:
		return 0, 0
	case b[0] < 252:
		return int(b[0]), 1
	case len(b) == 1:
		return 0, 0
	}
	return int(b[1])*4 + int(b[0]), 2
}

func appendSize(dst []byte, size int) []byte {
	if size < 252 {
		return append(dst, byte(size))
	}
	first := 252 + size&3
	return append(dst, byte(first), byte((size-first)/4))
}
