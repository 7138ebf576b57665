package oggopus

import "encoding/binary"

// checksums is the table of Ogg's CRC-32: polynomial 0x04c11db7, not reflected,
// no inversion (RFC 3533, section 6).
var checksums = func() (table [256]uint32) {
	for i := range table {
		c := uint32(i) << 24
		for range 8 {
			if c&0x80000000 != 0 {
				c = c<<1 ^ 0x04c11db7
			} else {
				c <<= 1
			}
		}
		table[i] = c
	}
	return table
}()

// intact tells whether a whole page has the checksum that it claims.
func intact(page []byte) bool {
	var c uint32
	for i, b := range page {
		if i >= 22 && i < 26 {
			b = 0
		}
		c = c<<8 ^ checksums[byte(c>>24)^b]
	}
	return c == binary.LittleEndian.Uint32(page[22:])
}
