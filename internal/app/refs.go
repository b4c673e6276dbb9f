package app

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
)

// Refs signs the references to deliveries that cards carry, so that an answer can name
// only a message that was really sent.
type Refs struct{ Secret []byte }

// Sign is the reference of a delivery.
func (r Refs) Sign(deliveryID int64) string {
	id := strconv.FormatInt(deliveryID, 36)
	return id + "." + r.mac(id)
}

// Delivery is the delivery a reference names; false when it was not signed here.
func (r Refs) Delivery(ref string) (int64, bool) {
	id, mac, ok := strings.Cut(ref, ".")
	if !ok || len(ref) > 64 || !hmac.Equal([]byte(mac), []byte(r.mac(id))) {
		return 0, false
	}
	n, err := strconv.ParseInt(id, 36, 64)
	return n, err == nil
}

func (r Refs) mac(id string) string {
	h := hmac.New(sha256.New, r.Secret)
	h.Write([]byte("delivery:" + id))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12])
}
