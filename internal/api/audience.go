package api

import (
	"net/http"

	"crier/internal/domain"
)

// audience is whom a campaign is for.
type audience struct {
	Everyone     bool     `json:"everyone,omitempty"`
	Lists        []string `json:"lists,omitempty"`
	People       []string `json:"people,omitempty"`
	ExcludeLists []string `json:"exclude_lists,omitempty"`
}

func encodeAudience(a domain.Audience) audience {
	return audience{Everyone: a.Everyone, Lists: formatIDs(a.Lists), People: a.People, ExcludeLists: formatIDs(a.ExcludeLists)}
}

func formatIDs(ids []int64) []string {
	var texts []string
	for _, id := range ids {
		texts = append(texts, formatID(id))
	}
	return texts
}

func (in audience) decode(f *faults) domain.Audience {
	// There are no lists yet, so that no id can name one.
	if len(in.Lists) > 0 {
		f.add("audience.lists", domain.Say("There is no such list."))
	}
	if len(in.ExcludeLists) > 0 {
		f.add("audience.exclude_lists", domain.Say("There is no such list."))
	}
	return domain.Audience{Everyone: in.Everyone, People: in.People}
}

// audienceSize is how many people an audience names now.
type audienceSize struct {
	Recipients   int64 `json:"recipients"`
	Reachable    int64 `json:"reachable"`
	NotInstalled int64 `json:"not_installed"`
}

func (s *server) getAudience(c *call) (answer, error) {
	found, err := s.campaign(c)
	if err != nil {
		return answer{}, err
	}
	size, err := s.Campaigns.Audience(c.Context(), c.by, found)
	return answer{status: http.StatusOK, body: audienceSize(size)}, err
}
