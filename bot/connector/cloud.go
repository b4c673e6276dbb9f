package connector

import "strings"

// cloud holds what differs between Microsoft's clouds: protocol/inbound.md
// section 2 and protocol/outbound.md section 1. GCC (moderate) uses the public
// cloud's values; only its service URL differs.
type cloud struct {
	metadataURL         string // keys of channel tokens
	issuer              string // of channel tokens
	emulatorMetadataURL string // keys of the emulator's tokens
	loginURL            string
	botTenant           string // where a multi-tenant bot gets its token
	scope               string // of a token for the Connector
}

func publicCloud() cloud {
	return cloud{
		metadataURL:         "https://login.botframework.com/v1/.well-known/openidconfiguration",
		issuer:              "https://api.botframework.com",
		emulatorMetadataURL: "https://login.microsoftonline.com/botframework.com/v2.0/.well-known/openid-configuration",
		loginURL:            "https://login.microsoftonline.com",
		botTenant:           "botframework.com",
		scope:               "https://api.botframework.com/.default",
	}
}

func governmentCloud() cloud {
	return cloud{
		metadataURL:         "https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
		issuer:              "https://api.botframework.us",
		emulatorMetadataURL: "https://login.microsoftonline.us/" + governmentEmulatorTenant + "/v2.0/.well-known/openid-configuration",
		loginURL:            "https://login.microsoftonline.us",
		botTenant:           "MicrosoftServices.onmicrosoft.us",
		scope:               "https://api.botframework.us/.default",
	}
}

func chinaCloud() cloud {
	return cloud{
		metadataURL: "https://login.botframework.azure.cn/v1/.well-known/openidconfiguration",
		issuer:      "https://api.botframework.azure.cn",
		loginURL:    "https://login.partner.microsoftonline.cn",
		botTenant:   "microsoftservices.partner.onmschina.cn",
		scope:       "https://api.botframework.azure.cn/.default",
	}
}

// cloudOf is the cloud that owns the host of a metadata or login address, so
// that one setting moves a deployment to another cloud; the public one for
// every host that is not Microsoft's.
func cloudOf(address string) cloud {
	for _, c := range []cloud{governmentCloud(), chinaCloud()} {
		if sameHost(address, c.metadataURL) || sameHost(address, c.loginURL) {
			return c
		}
	}
	return publicCloud()
}

func sameHost(a, b string) bool {
	hostA, hostB := hostOf(a), hostOf(b)
	return hostA != "" && strings.EqualFold(hostA, hostB)
}
