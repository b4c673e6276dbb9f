package app

import (
	"crypto/sha256"
	"crypto/subtle"

	"crier/internal/domain"
)

// Officers says who may do what.
type Officers struct {
	admins map[string]bool // object ids and user principal names, as they are compared
	token  [32]byte
	has    bool
}

// NewOfficers makes owners of the people named (object id or user principal name) and of
// whoever holds the bootstrap token ("" for none).
func NewOfficers(admins []string, token string) *Officers {
	o := &Officers{admins: map[string]bool{}, token: sha256.Sum256([]byte(token)), has: token != ""}
	for _, a := range admins {
		o.admins[domain.AddressKey(a)] = true
	}
	return o
}

// Person is what a person of a channel may do. Only their object id and their user principal
// name count, as Teams and its roster say them: a name or an e-mail address can be chosen.
func (o *Officers) Person(p domain.Person) domain.Actor {
	a := domain.Actor{ID: "person:" + p.AADObjectID, Name: p.DisplayName()}
	if p.Channel != domain.Teams {
		return a
	}
	for _, key := range []string{p.AADObjectID, p.UPN} {
		if key != "" && o.admins[domain.AddressKey(key)] {
			a.Role = domain.Owner
		}
	}
	return a
}

// Token is the actor behind an API token; false when there is none.
func (o *Officers) Token(token string) (domain.Actor, bool) {
	sum := sha256.Sum256([]byte(token))
	if !o.has || subtle.ConstantTimeCompare(sum[:], o.token[:]) != 1 {
		return domain.Actor{}, false
	}
	return domain.Actor{ID: "token:bootstrap", Name: "API", Role: domain.Owner}, true
}
