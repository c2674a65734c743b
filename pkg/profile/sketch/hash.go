package sketch

import (
	"encoding/binary"
	"math/bits"
)

// The hashes choose samples and name rows. They are part of the profile's
// meaning: changing them changes the version of every plan.
const (
	seedValue = 0x9e3779b97f4a7c15
	hashMul   = 0xa0761d6478bd642f
	hashMul2  = 0xe7037ed1a0b428db
)

// SeedRow is what the hashes of whole rows and of requests begin with.
const SeedRow = 0xd1b54a32d192ed03

// Mix folds v into h by a 128-bit product. Finish comes after the last.
func Mix(h, v uint64) uint64 {
	hi, lo := bits.Mul64(h^v^hashMul2, v^hashMul)
	return hi ^ lo ^ bits.RotateLeft64(h, 23)
}

// HashString hashes the bytes of s, eight at a time. It needs no Finish.
func HashString(s string) uint64 {
	h := Mix(seedValue, uint64(len(s)))
	for len(s) >= 8 {
		h = Mix(h, uint64(s[0])|uint64(s[1])<<8|uint64(s[2])<<16|uint64(s[3])<<24|
			uint64(s[4])<<32|uint64(s[5])<<40|uint64(s[6])<<48|uint64(s[7])<<56)
		s = s[8:]
	}
	if len(s) > 0 {
		var tail [8]byte
		copy(tail[:], s)
		h = Mix(h, binary.LittleEndian.Uint64(tail[:]))
	}
	return Finish(h)
}

// Finish spreads the last bits over the word (the finaliser of splitmix64).
func Finish(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
