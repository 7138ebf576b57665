package apigateway

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"net/http"
)

// tappedWriter makes the socket that is taken over from the HTTP server count
// the size of incoming frames, which the WebSocket library hides.
type tappedWriter struct {
	http.ResponseWriter
	tooBig func()
}

// Hijack implements http.Hijacker. What the server has read ahead passes the
// counter too; its reader itself must not be read from any more
// (https://go.dev/issue/32314).
func (t *tappedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(t.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	reader := buffered.Reader
	ahead, _ := reader.Peek(reader.Buffered())
	in := io.MultiReader(bytes.NewReader(bytes.Clone(ahead)), conn)
	tapped := &tappedConn{Conn: conn, in: in, frames: frameCounter{tooBig: t.tooBig}}
	return tapped, bufio.NewReadWriter(bufio.NewReader(tapped), buffered.Writer), nil
}

// tappedConn shows everything that is read to the frame counter. Reads are not
// concurrent.
type tappedConn struct {
	net.Conn
	in     io.Reader
	frames frameCounter
}

func (t *tappedConn) Read(p []byte) (int, error) {
	n, err := t.in.Read(p)
	t.frames.see(p[:n])
	return n, err
}

// frameCounter follows the frames of one direction (RFC 6455, section 5.2),
// header by header.
type frameCounter struct {
	tooBig func() // called at each frame whose payload is over maxFrame

	header []byte // of the frame that begins, as far as it has come
	skip   uint64 // bytes of mask key and payload still to come
}

func (f *frameCounter) see(p []byte) {
	for len(p) > 0 {
		if f.skip > 0 {
			n := min(f.skip, uint64(len(p)))
			f.skip -= n
			p = p[n:]
			continue
		}
		f.header = append(f.header, p[0])
		p = p[1:]
		if len(f.header) >= 2 && len(f.header) == 2+extendedLength(f.header[1]) {
			f.begin()
		}
	}
}

// begin reads a whole header.
func (f *frameCounter) begin() {
	payload := uint64(f.header[1] & 0x7f)
	switch extended := f.header[2:]; len(extended) {
	case 2:
		payload = uint64(binary.BigEndian.Uint16(extended))
	case 8:
		payload = binary.BigEndian.Uint64(extended)
	}
	if payload > maxFrame {
		f.tooBig()
	}
	f.skip = payload
	if f.header[1]&0x80 != 0 {
		f.skip += 4 // the mask key; wraps only for a length that RFC 6455 forbids
	}
	f.header = f.header[:0]
}

// extendedLength returns the number of bytes of length that follow the second byte
// of a frame.
func extendedLength(second byte) int {
	switch second & 0x7f {
	case 126:
		return 2
	case 127:
		return 8
	default:
		return 0
	}
}
