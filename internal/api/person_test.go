package api

import "testing"

func TestPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.install("ana.roy@example.com", "ben.lee@example.com")
	w.leave("ben.lee@example.com")
	ana := fields{"id": "1", "channel": "teams", "tenant_id": "tenant", "aad_object_id": "aad-ana.roy@example.com", "name": "Ana Roy", "first_name": "Ana", "last_name": "Roy",
		"email": "ana.roy@example.com", "locale": "en-US", "time_zone": "Europe/Paris", "installed": true, "installed_at": "2026-09-01T08:00:00Z"}
	w.run(
		step{call: "GET /people", as: "analyst", status: 200, has: fields{"/items/0/id": "2", "/items/0/installed": false, "/items/1": ana, "/items/2": absent, "/next_cursor": nil}},
		step{call: "GET /people?installed=true", status: 200, has: fields{"/items/0/id": "1", "/items/1": absent}},
		step{call: "GET /people?installed=false", status: 200, has: fields{"/items/0/id": "2", "/items/1": absent}},
		step{call: "GET /people?channel=skype", status: 200, has: fields{"/items": []any{}}},
		step{call: "GET /people?q=ana", status: 200, has: fields{"/items/0/id": "1", "/items/1": absent}},
		step{call: "GET /people?limit=1", status: 200, has: fields{"/items/0/id": "2", "/next_cursor": "Mg"}},
		step{call: "GET /people?limit=1&cursor=Mg", status: 200, has: fields{"/items/0/id": "1", "/next_cursor": nil}},
		step{call: "GET /people?installed=yes", status: 422, has: fields{"/errors/0/field": "installed", "/errors/0/message": "This should be one of: true, false."}},
		step{call: "GET /people?channel=fax", status: 422},
		step{call: "GET /people?q=%zz", status: 400},

		step{call: "GET /people/lookup?email=ANA.Roy@example.com", as: "analyst", status: 200, has: fields{"/id": "1", "/email": "ana.roy@example.com"}},
		step{call: "GET /people/lookup?email=eve@example.com", status: 404, has: fields{"/detail": "eve@example.com is not known here: nobody with this address has installed the app."}},
		step{call: "GET /people/lookup", status: 422, has: fields{"/errors/0/field": "email"}},
		step{call: "GET /people/lookup?email=%20", status: 422},
		step{call: "GET /people/lookup?email=%00", status: 422, has: fields{"/errors/0/field": "email", "/errors/1": absent}},
		step{call: "GET /people/lookup?email=%zz", status: 400},
		step{call: "POST /people/lookup", status: 405, headers: map[string]string{"Allow": "GET, HEAD, DELETE"}, lax: true},

		step{name: "only an owner erases", call: "DELETE /people/1", as: "sender", status: 403},
		step{call: "DELETE /people/1", status: 204},
		step{call: "DELETE /people/1", status: 404, has: fields{"/detail": "There is no such person."}},
		step{call: "DELETE /people/x", status: 404},
		step{call: "GET /people/lookup?email=ana.roy@example.com", status: 404},
		step{call: "GET /people", status: 200, has: fields{"/items/0/id": "2", "/items/1": absent}},
	)
}

// Somebody whose address is not known yet is not who an empty address means.
func TestNobodyHasNoAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.meet("newcomer@example.com")
	w.run(
		step{call: "POST /campaigns", body: `{"name":"M","kind":"message","content":{"text":"Hello [FIRSTNAME]"}}`, status: 201},
		step{call: "POST /campaigns/1/test", body: `{"email":" "}`, status: 422, has: fields{"/errors/0/message": "Give the address of somebody who has the app."}},
		step{call: "POST /campaigns/1/test", body: `{"emails":[""]}`, status: 422},
		step{call: "POST /campaigns/1/preview", body: `{"email":" "}`, status: 200, has: fields{"/activity/text": "Hello Megan"}},
		step{call: "GET /people/lookup?email=", status: 422},
	)
}
