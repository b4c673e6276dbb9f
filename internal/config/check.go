package config

import "net"

// check holds the rules between settings. One that is at fault already, or that
// the command does not take, is judged no further.
func (c Config) check(all []setting, found Faults) Faults {
	var faults Faults
	for _, s := range all {
		if found.names(s.variable()) {
			continue
		}
		if problem := c.conflict(s.name, found); problem != "" {
			faults = append(faults, Fault{s.variable(), problem, s.example})
		}
	}
	return faults
}

// conflict says what is wrong with a setting when it is seen beside the others.
func (c Config) conflict(name string, found Faults) string {
	switch name {
	case "APP_PASSWORD":
		if c.AppID != "" && c.AppType != UserAssignedMSI && c.AppPassword.IsZero() && !found.names("CRIER_APP_TYPE") {
			return "it is missing, and CRIER_APP_ID needs it (except for CRIER_APP_TYPE=UserAssignedMSI)"
		}
	case "APP_TENANT_ID":
		if c.AppID != "" && c.AppType == SingleTenant && c.AppTenantID == "" {
			return "it is missing, and CRIER_APP_TYPE=SingleTenant needs it"
		}
	case "ALLOW_ANONYMOUS":
		if host, _, err := net.SplitHostPort(c.Listen); c.AllowAnonymous && err == nil && !isLoopback(host) {
			return "it is for a loopback address only, and CRIER_LISTEN is " + quote(c.Listen) + ""
		}
	}
	return ""
}
