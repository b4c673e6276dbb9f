package i18n

// frenchWeb is what people read in web.
var frenchWeb = map[string]string{}
