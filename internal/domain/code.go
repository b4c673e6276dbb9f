package domain

// Code says why a message did not go; part of the API.
type Code string

// The error codes of a delivery.
const (
	NotInstalled        Code = "not_installed"
	BlockedByUser       Code = "blocked_by_user"
	DisabledByAdmin     Code = "disabled_by_admin"
	UnknownPerson       Code = "unknown_person"
	ConversationGone    Code = "conversation_gone"
	CardRejected        Code = "card_rejected"
	TooBig              Code = "too_big"
	Unauthorized        Code = "unauthorized"
	UntrustedServiceURL Code = "untrusted_service_url"
	Throttled           Code = "throttled"
	ServiceError        Code = "service_error"
	Timeout             Code = "timeout"
	NotPresent          Code = "presence"
)

// Explain says to people why a message did not go and what helps. What the channel itself
// said is the delivery's Reason.
func (c Code) Explain() Text {
	switch c {
	case NotInstalled:
		return Say("This person does not have the app. Ask your Teams administrator to install it for them, then send again.")
	case BlockedByUser:
		return Say("This person blocked the app. Only they can unblock it, in Teams.")
	case DisabledByAdmin:
		return Say("The app is blocked in this organization. Ask your Teams administrator to allow it, then retry.")
	case UnknownPerson:
		return Say("Nobody with this address has the app. Check the address, or have the app installed for them.")
	case ConversationGone:
		return Say("The chat with this person no longer exists. Have the app installed for them again, then retry.")
	case CardRejected:
		return Say("The message was refused as it is drawn. Correct the content in a copy and try that on yourself first.")
	case TooBig:
		return Say("The message is too big. Shorten it in a copy and send that.")
	case Unauthorized:
		return Say("The bot's credentials were refused. Check the app id, its password and tenant, then retry.")
	case UntrustedServiceURL:
		return Say("This person is reached at an address that is not trusted. If it is right, add its host to CRIER_TRUSTED_SERVICE_HOSTS, then retry.")
	case Throttled:
		return Say("The channel asked us to slow down for too long. Retry later.")
	case ServiceError:
		return Say("The channel had a fault of its own. Retry later.")
	case Timeout:
		return Say("The channel did not answer in time, so the message may or may not have arrived. Retry if it should go again.")
	case NotPresent:
		return Say("This person was never there when it was tried. Retry, or send without asking for presence.")
	}
	return Say("The message could not be delivered. Look at the log, then retry.")
}
