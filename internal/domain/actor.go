package domain

// Role is what a person or token may do; each includes the ones before it.
type Role int

// The roles, lowest first.
const (
	NoRole  Role = iota
	Analyst      // reads campaigns and reports
	Author       // writes drafts and tries them
	Sender       // starts, pauses and cancels sends
	Owner        // everything
)

// Actor is who does something: an officer in the console or in chat, or an API token.
type Actor struct {
	ID   string // stable: "token:bootstrap", "aad:<object id>", "local:owner"
	Name string // shown as the author
	Role Role
}

// May answers a Forbidden error unless the actor has at least that role.
func (a Actor) May(needed Role) error {
	if a.Role >= needed {
		return nil
	}
	if a.Role == NoRole {
		return Fail(Forbidden, "Only communications officers can do this. Ask an owner of Crier to add you.")
	}
	return Fail(Forbidden, "Your role does not allow this. Ask an owner of Crier.")
}
