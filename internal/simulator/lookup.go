package simulator

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// byUserID finds the person with a "29:" id.
func (d *directory) byUserID(id string) (int, bool) {
	rest, ok := strings.CutPrefix(id, "29:1")
	if !ok {
		return 0, false
	}
	return d.sealed(drawUserID, rest, func(i int) bool { return d.userID(i) == id })
}

// byObjectID finds the person with an Entra object id, in either case.
func (d *directory) byObjectID(id string) (int, bool) {
	var first [4]byte
	if len(id) != 36 {
		return 0, false
	}
	if _, err := hex.Decode(first[:], []byte(id[:8])); err != nil {
		return 0, false
	}
	i := int(unseal(d.seed, drawObjectID, first))
	return i, i < d.users && !d.isSkype(i) && strings.EqualFold(d.objectID(i), id)
}

// byUPN finds the person with a user principal name; it ends in their number.
func (d *directory) byUPN(upn string) (int, bool) {
	local, _, ok := strings.Cut(upn, "@")
	if !ok {
		return 0, false
	}
	digits := local[len(strings.TrimRight(local, "0123456789")):]
	i, err := strconv.Atoi(digits)
	if err != nil || i >= d.users || d.isSkype(i) {
		return 0, false
	}
	return i, strings.EqualFold(d.person(i).UPN, upn)
}

// byConversationID finds the person whose 1:1 conversation has this id, in the
// channel's form or in Graph's.
func (d *directory) byConversationID(id string) (int, bool) {
	if rest, ok := strings.CutPrefix(id, "a:1"); ok {
		return d.sealed(drawConversationID, rest, func(i int) bool { return d.conversationID(i) == id })
	}
	if rest, ok := strings.CutPrefix(id, "19:"); ok && strings.HasSuffix(id, "@unq.gbl.spaces") {
		object, _, _ := strings.Cut(rest, "_")
		i, ok := d.byObjectID(object)
		return i, ok && strings.EqualFold(d.graphChatID(i), id)
	}
	i, ok := d.byUserID(id)
	return i, ok && d.isSkype(i)
}

func (d *directory) isSkype(i int) bool { return d.channel(i) == channelSkype }

func (d *directory) sealed(kind draw, encoded string, same func(int) bool) (int, bool) {
	first, ok := leading(encoded)
	if !ok {
		return 0, false
	}
	i := int(unseal(d.seed, kind, first))
	return i, i < d.users && same(i)
}
