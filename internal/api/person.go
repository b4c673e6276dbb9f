package api

import (
	"net/http"

	"crier/internal/domain"
)

// person is somebody who has, or had, the app.
type person struct {
	ID          string  `json:"id"`
	Channel     string  `json:"channel"`
	TenantID    string  `json:"tenant_id"`
	AADObjectID string  `json:"aad_object_id"`
	Name        string  `json:"name"`
	FirstName   string  `json:"first_name"`
	LastName    string  `json:"last_name"`
	Email       string  `json:"email"`
	Locale      string  `json:"locale"`
	TimeZone    string  `json:"time_zone"`
	Installed   bool    `json:"installed"`
	InstalledAt *string `json:"installed_at"`
}

func encodePerson(p domain.Person) person {
	return person{
		ID: formatID(p.ID), Channel: string(p.Channel), TenantID: p.Reference.TenantID, AADObjectID: p.AADObjectID,
		Name: p.Name, FirstName: p.FirstName, LastName: p.LastName, Email: p.Email,
		Locale: p.Locale, TimeZone: p.TimeZone, Installed: p.Installed, InstalledAt: formatTime(p.InstalledAt),
	}
}

func (s *server) listPeople(c *call) (answer, error) {
	q, err := c.query()
	if err != nil {
		return answer{}, err
	}
	f := domain.PersonFilter{Query: q.text("q"), Installed: q.flag("installed"), Channel: oneOf(q, "channel", domain.Teams, domain.Skype)}
	p := q.page()
	if err := q.err(); err != nil {
		return answer{}, err
	}
	fetch := func(before int64, limit int) ([]domain.Person, error) {
		return s.People.List(c.Context(), c.by, f, before, limit)
	}
	return answerPage(p, fetch, func(p domain.Person) int64 { return p.ID }, encodePerson)
}

func (s *server) lookupPerson(c *call) (answer, error) {
	q, err := c.query()
	if err != nil {
		return answer{}, err
	}
	email := q.text("email")
	if email == "" && len(q.list) == 0 {
		q.add("email", domain.Say("Give an address: ?email=megan@example.com."))
	}
	if err := q.err(); err != nil {
		return answer{}, err
	}
	p, err := s.People.Lookup(c.Context(), c.by, email)
	return answer{status: http.StatusOK, body: encodePerson(p)}, err
}

func (s *server) deletePerson(c *call) (answer, error) {
	id, err := c.personID()
	if err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, s.People.Erase(c.Context(), c.by, id)
}
