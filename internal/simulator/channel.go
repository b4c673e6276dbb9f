package simulator

// channel is one of the two the tenant's people are on.
type channel struct {
	id   string // channelId of activities
	path string // of its Connector below the base URL (outbound 5, skype 2)
}

var (
	channelTeams = channel{"msteams", "/teams"}
	channelSkype = channel{"skype", "/apis"}
)

func channelByID(id string) channel {
	if id == channelSkype.id {
		return channelSkype
	}
	return channelTeams
}
