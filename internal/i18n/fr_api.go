package i18n

// frenchAPI is what programs and their authors read in api.
var frenchAPI = map[string]string{
	// The request.
	"The request can't be read.":                                                            "La requête est illisible.",
	"The request's body did not arrive whole.":                                              "Le corps de la requête n’est pas arrivé en entier.",
	"The request has no body. Send a JSON object.":                                          "La requête n’a pas de corps. Envoyez un objet JSON.",
	"The request's body is not in UTF-8.":                                                   "Le corps de la requête n’est pas en UTF-8.",
	"The request's body is not valid JSON: something is wrong at line %d, character %d.":    "Le corps de la requête n’est pas du JSON valide : erreur à la ligne %d, caractère %d.",
	"The request's body is not valid JSON: it ends too early.":                              "Le corps de la requête n’est pas du JSON valide : il s’arrête trop tôt.",
	"The request's body is JSON, but no object.":                                            "Le corps de la requête est du JSON, mais pas un objet.",
	"The request's body can't be read. Is a field there twice?":                             "Le corps de la requête est illisible. Un champ y figure-t-il deux fois ?",
	"Something follows the JSON object, after line %d, character %d. Send one object only.": "L’objet JSON est suivi d’autre chose, après la ligne %d, caractère %d. Envoyez un seul objet.",
	"The request is too big.":                                                               "La requête est trop volumineuse.",
	"A request may have at most %d KB.":                                                     "Une requête fait au maximum %d Ko.",
	"The request is not JSON.":                                                              "La requête n’est pas en JSON.",
	"Send JSON, as Content-Type: application/json.":                                         "Envoyez du JSON, avec Content-Type : application/json.",
	"The parameters after the question mark can't be read.":                                 "Les paramètres après le point d’interrogation sont illisibles.",
	"There is nothing at this address. What there is stands in /api/v1/openapi.json.":       "Il n’y a rien à cette adresse. Ce qui existe est décrit dans /api/v1/openapi.json.",
	"This can't be done here.":                                                              "Ce n’est pas possible ici.",
	"%s is not possible at this address; these are: %s.":                                    "%s n’est pas possible à cette adresse ; sont possibles : %s.",

	// Tokens and roles.
	"An API token is needed.":                            "Un jeton d’API est nécessaire.",
	"Send an API token: Authorization: Bearer <token>.":  "Envoyez un jeton d’API : Authorization: Bearer <jeton>.",
	"Send one API token: Authorization: Bearer <token>.": "Envoyez un seul jeton d’API : Authorization: Bearer <jeton>.",
	"This API token is not valid.":                       "Ce jeton d’API n’est pas valide.",
	"This is not allowed.":                               "Ce n’est pas autorisé.",

	// Idempotency keys.
	"Send one Idempotency-Key of 1 to %d characters.":                                        "Envoyez une seule Idempotency-Key de 1 à %d caractères.",
	"This Idempotency-Key was used for another request. Use a new key for each one.":         "Cette Idempotency-Key a déjà servi pour une autre requête. Utilisez une nouvelle clé pour chacune.",
	"The first request with this Idempotency-Key is still under way. Try again in a moment.": "La première requête avec cette Idempotency-Key est encore en cours. Réessayez dans un instant.",

	// What it came to.
	"It does not exist.":        "Introuvable.",
	"This can't be done now.":   "Ce n’est pas possible maintenant.",
	"It was changed meanwhile.": "Modifié entre-temps.",
	"The content is not valid.": "Le contenu n’est pas valide.",
	"It is too busy just now.":  "Trop de demandes en ce moment.",
	"Too many follow campaigns just now. Ask for the report instead, or try again in a moment.": "Trop de campagnes sont suivies en ce moment. Demandez plutôt le rapport, ou réessayez dans un instant.",
	"Something went wrong.": "Une erreur s’est produite.",
	"Something went wrong on our side. Try again in a moment; if it stays, look at the log.": "Une erreur s’est produite de notre côté. Réessayez dans un instant ; si elle persiste, consultez le journal.",

	// Fields and parameters.
	"There are fields that are not known here.":                       "Certains champs sont inconnus ici.",
	"There is no such field.":                                         "Ce champ n’existe pas.",
	"There is no such list.":                                          "Cette liste de diffusion n’existe pas.",
	"This should be a text in quotes.":                                "Un texte entre guillemets est attendu.",
	"This should be true or false.":                                   "La valeur true ou false est attendue.",
	"This should be a whole number.":                                  "Un nombre entier est attendu.",
	"This should be an object: {…}.":                                  "Un objet est attendu : {…}.",
	"This should be a list: […].":                                     "Une liste est attendue : […].",
	"This should be a time like 2026-09-01T08:30:00Z.":                "Une date et une heure sont attendues, comme 2026-09-01T08:30:00Z.",
	"This should be a duration like 2h, 90m or 0s.":                   "Une durée est attendue, comme 2h, 90m ou 0s.",
	"This should be a number from 1 to %d.":                           "Un nombre de 1 à %d est attendu.",
	"This should be one of: %s.":                                      "Une de ces valeurs est attendue : %s.",
	"This is no cursor of ours. Send next_cursor of the page before.": "Ce curseur n’est pas des nôtres. Envoyez le next_cursor de la page précédente.",
	"Give an address: ?email=megan@example.com.":                      "Indiquez une adresse : ?email=megan@example.com.",
	"Give the address of somebody who has the app.":                   "Indiquez l’adresse de quelqu’un qui a l’application.",
	"Give either email or emails, not both.":                          "Indiquez email ou emails, mais pas les deux.",

	// Why a message did not go.
	"This person does not have the app. Ask your Teams administrator to install it for them, then send again.":                           "Cette personne n’a pas l’application. Demandez à votre administrateur Teams de l’installer pour elle, puis refaites l’envoi.",
	"This person blocked the app. Only they can unblock it, in Teams.":                                                                   "Cette personne a bloqué l’application. Elle seule peut la débloquer, dans Teams.",
	"The app is blocked in this organization. Ask your Teams administrator to allow it, then retry.":                                     "L’application est bloquée dans cette organisation. Demandez à votre administrateur Teams de l’autoriser, puis réessayez.",
	"Nobody with this address has the app. Check the address, or have the app installed for them.":                                       "Personne n’a l’application avec cette adresse. Vérifiez l’adresse, ou faites installer l’application pour cette personne.",
	"The chat with this person no longer exists. Have the app installed for them again, then retry.":                                     "La conversation avec cette personne n’existe plus. Faites réinstaller l’application pour elle, puis réessayez.",
	"The message was refused as it is drawn. Correct the content in a copy and try that on yourself first.":                              "Le message a été refusé sous cette forme. Corrigez le contenu dans une copie et essayez-la d’abord sur vous-même.",
	"The message is too big. Shorten it in a copy and send that.":                                                                        "Le message est trop volumineux. Raccourcissez-le dans une copie et envoyez-la.",
	"The bot's credentials were refused. Check the app id, its password and tenant, then retry.":                                         "Les identifiants du bot ont été refusés. Vérifiez l’identifiant de l’application, son mot de passe et son tenant, puis réessayez.",
	"This person is reached at an address that is not trusted. If it is right, add its host to CRIER_TRUSTED_SERVICE_HOSTS, then retry.": "Cette personne est joignable à une adresse qui n’est pas approuvée. Si elle est correcte, ajoutez son hôte à CRIER_TRUSTED_SERVICE_HOSTS, puis réessayez.",
	"The channel asked us to slow down for too long. Retry later.":                                                                       "Le canal nous a demandé de ralentir trop longtemps. Réessayez plus tard.",
	"The channel had a fault of its own. Retry later.":                                                                                   "Le canal a eu une panne de son côté. Réessayez plus tard.",
	"The channel did not answer in time, so the message may or may not have arrived. Retry if it should go again.":                       "Le canal n’a pas répondu à temps : le message est peut-être arrivé, ou non. Réessayez s’il doit repartir.",
	"This person was never there when it was tried. Retry, or send without asking for presence.":                                         "Cette personne n’était jamais là lors des essais. Réessayez, ou envoyez sans tenir compte de la présence.",
	"The message could not be delivered. Look at the log, then retry.":                                                                   "Le message n’a pas pu être remis. Consultez le journal, puis réessayez.",
}
