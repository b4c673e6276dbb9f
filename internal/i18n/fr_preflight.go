package i18n

// frenchPreflight is what people read about preflight.
var frenchPreflight = map[string]string{
	// Who does not get it.
	"They removed the app. Ask your Teams administrator to install it for them.":                        "Ces personnes ont retiré l’application. Demandez à votre administrateur Teams de l’installer pour elles.",
	"Nobody with these addresses has the app. Check the addresses, or have the app installed for them.": "Personne avec ces adresses n’a l’application. Vérifiez les adresses, ou faites installer l’application.",
	"This campaign has started already. Its report tells how it goes.":                                  "Cette campagne a déjà commencé. Son rapport indique où elle en est.",

	// Links.
	"Only the first %d links are checked.":                                                  "Seuls les %d premiers liens sont vérifiés.",
	"There was no time left to check it.":                                                   "Le temps a manqué pour le vérifier.",
	"A personal tag stands in its path, so each reader has another address.":                "Une balise personnelle se trouve dans son chemin : chaque lecteur a une autre adresse.",
	"This is no address of a web page.":                                                     "Ce n’est pas l’adresse d’une page web.",
	"This service reaches the web through a proxy, where links can’t be checked safely.":    "Ce service accède au web par un proxy, où les liens ne peuvent pas être vérifiés sans risque.",
	"The site does not show it to everybody (%d). Make sure that your readers may open it.": "Le site ne le montre pas à tout le monde (%d). Assurez-vous que vos lecteurs peuvent l’ouvrir.",
	"The site has no such page (%d).":                                                       "Le site n’a pas cette page (%d).",
	"The site answers with an error (%d).":                                                  "Le site répond par une erreur (%d).",
	"It leads into a private network, where it can’t be checked from here.":                 "Il mène dans un réseau privé, où il ne peut pas être vérifié d’ici.",
	"Only the usual ports of the web, 80 and 443, are checked.":                             "Seuls les ports habituels du web, 80 et 443, sont vérifiés.",
	"It redirects to an address that can’t be checked.":                                     "Il redirige vers une adresse qui ne peut pas être vérifiée.",
	"It redirects more than %d times.":                                                      "Il redirige plus de %d fois.",
	"The site’s certificate is not valid, so that browsers warn of it.":                     "Le certificat du site n’est pas valide : les navigateurs mettent en garde.",
	"There is no site of this name.":                                                        "Il n’y a pas de site de ce nom.",
	"It did not answer within %d seconds.":                                                  "Il n’a pas répondu en %d secondes.",
	"It can’t be reached.":                                                                  "Il est injoignable.",

	// The review.
	"Before it is sent":                                  "Avant l’envoi",
	"Looking it over…":                                   "Vérification en cours…",
	"It can’t be looked over just now.":                  "La vérification est impossible pour le moment.",
	"It can’t be sent like this.":                        "Elle ne peut pas être envoyée ainsi.",
	"The largest message is too big. Shorten the text.":  "Le plus grand message est trop volumineux. Raccourcissez le texte.",
	"It can be sent. Look at what is marked first.":      "Elle peut être envoyée. Regardez d’abord ce qui est signalé.",
	"All is well.":                                       "Tout va bien.",
	"Will get it: %s":                                    "Le recevront : %s",
	"Will not get it: %s":                                "Ne le recevront pas : %s",
	"Nobody gets it.":                                    "Personne ne le reçoit.",
	"Size":                                               "Taille",
	"The largest message takes %d of %d KB.":             "Le plus grand message prend %d Ko sur %d.",
	"Personal tags":                                      "Balises personnelles",
	"known of everybody.":                                "connu de tous.",
	"not known of %s, who read your words in its place.": "inconnu pour %s, qui liront vos mots à sa place.",
	"not known of %s, who read nothing in its place. Say what they should read, as in [%s|…].": "inconnu pour %s, qui ne liront rien à sa place. Dites ce qu’il faut lire, comme dans [%s|…].",
	"It answers.":  "Il répond.",
	"Not checked.": "Non vérifié.",
	"To know":      "À savoir",
}
