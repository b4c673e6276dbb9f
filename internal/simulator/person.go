package simulator

import (
	"strconv"
	"strings"
	"time"
)

// maxUsers keeps people's numbers in the four bytes their ids have for them.
const maxUsers = 5_000_000

// Person is one user of the tenant. Everything follows from the seed and the
// person's number; nothing is stored. Skype people have no tenant: ObjectID, UPN
// and Email are empty, and the conversation has the user's own id (skype 2).
type Person struct {
	Index          int
	Name           string // as the channel shows it, given and family name
	GivenName      string
	Surname        string
	Email          string
	UPN            string
	ObjectID       string // Entra object id, a GUID
	UserID         string // "29:...", opaque, known to this bot only
	ConversationID string // "a:1..." in Teams
	Channel        string // "msteams" or "skype"
	Locale         string // BCP 47
	Country        string // ISO 3166
	TimeZone       string // IANA
}

// Skype tells whether the person is on the channel "skype".
func (p Person) Skype() bool { return p.Channel == channelSkype.id }

// directory answers who is who.
type directory struct {
	seed       uint64
	users      int
	skypeShare float64
	appID      string
	cultures   []culture
	weights    int
	zones      map[string]*time.Location // those this machine knows
}

func newDirectory(opt Options) directory {
	d := directory{seed: opt.Seed, users: opt.Users, skypeShare: opt.SkypeShare, appID: opt.AppID, cultures: cultures(), zones: map[string]*time.Location{}}
	for _, c := range d.cultures {
		d.weights += c.weight
		for _, zone := range c.zones {
			if location, err := time.LoadLocation(zone); err == nil {
				d.zones[zone] = location
			}
		}
	}
	return d
}

func (d *directory) draw(what draw, i int) uint64 { return chance(d.seed, what, uint64(i)) }

func (d *directory) channel(i int) channel {
	if share(d.draw(drawSkype, i)) < d.skypeShare {
		return channelSkype
	}
	return channelTeams
}

func (d *directory) person(i int) Person {
	c := d.culture(i)
	given, surname := d.names(i, c)
	first, last := given.shown, surname.shown
	if c.familyFirst {
		first, last = last, first
	}
	p := Person{
		Index: i, Name: first + c.between + last, GivenName: given.shown, Surname: surname.shown,
		UserID: d.userID(i), ConversationID: d.conversationID(i), Channel: d.channel(i).id,
		Locale: c.locale, Country: c.country, TimeZone: c.zones[pick(d.draw(drawZone, i), len(c.zones))],
	}
	if !p.Skype() {
		p.ObjectID = d.objectID(i)
		p.UPN = given.ascii + "." + surname.ascii + strconv.Itoa(i) + "@contoso.example"
		p.Email = p.UPN
	}
	return p
}

func (d *directory) culture(i int) *culture {
	at := pick(d.draw(drawCulture, i), d.weights)
	for c := range d.cultures {
		if at -= d.cultures[c].weight; at < 0 {
			return &d.cultures[c]
		}
	}
	return &d.cultures[0]
}

func (d *directory) names(i int, c *culture) (given, surname name) {
	if given, surname, ok := oddity(i); ok {
		return given, surname
	}
	given = c.given[pick(d.draw(drawGiven, i), len(c.given))]
	surname = c.surnames[pick(d.draw(drawSurname, i), len(c.surnames))]
	given.ascii, surname.ascii = strings.ReplaceAll(given.ascii, " ", ""), strings.ReplaceAll(surname.ascii, " ", "")
	return given, surname
}

func (d *directory) userID(i int) string {
	return opaque("29:1", seal(d.seed, drawUserID, uint32(i)))
}

func (d *directory) objectID(i int) string {
	return guid(seal(d.seed, drawObjectID, uint32(i)))
}

func (d *directory) conversationID(i int) string {
	if d.channel(i) == channelSkype {
		return d.userID(i)
	}
	return opaque("a:1", seal(d.seed, drawConversationID, uint32(i)))
}

// graphChatID is the form Graph gives to the same 1:1 chat (outbound 2.1).
func (d *directory) graphChatID(i int) string {
	return "19:" + d.objectID(i) + "_" + d.appID + "@unq.gbl.spaces"
}
