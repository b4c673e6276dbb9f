package simulator

import "strings"

// culture is where a person's name, language and time zone come from together.
// Names are separated by commas; "Zoë=zoe" gives the form an e-mail address uses
// where that is not simply the name in lower case.
type culture struct {
	weight      int // people in a thousand
	locale      string
	country     string
	zones       []string
	familyFirst bool
	between     string // between the two names
	given       []name
	surnames    []name
}

type name struct{ shown, ascii string }

// cultures: two thirds speak English or French; the rest is what breaks programs.
func cultures() []culture {
	return []culture{
		{weight: 380, locale: "en-US", country: "US", between: " ",
			zones:    []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"},
			given:    names("Megan,James,Aisha,Michael,Emily,Diego,Grace,Anthony,Mary-Jane=maryjane,Christopher,LaToya,Tyler,Hannah,DeShawn,Olivia,Noah"),
			surnames: names("Bowen,Johnson,O’Brien=obrien,Smith-Jones=smithjones,Washington,Nguyen,García=garcia,Miller,McDonald,Van Buren=vanburen,Lee,Patel,Kowalski,D'Angelo=dangelo,Taylor,King")},
		{weight: 260, locale: "fr-FR", country: "FR", between: " ",
			zones:    []string{"Europe/Paris"},
			given:    names("Amélie=amelie,Jean-Pierre=jeanpierre,Zoé=zoe,François=francois,Anaïs=anais,Hélène=helene,Rémi=remi,Loïc=loic,Chloé=chloe,Théo=theo,Maël=mael,Océane=oceane,Gwénaëlle=gwenaelle,Benoît=benoit,Fatoumata,Karim"),
			surnames: names("Dupont,Lefèvre=lefevre,L'Hôpital=lhopital,de La Fontaine=delafontaine,Müller=muller,Bérenger=berenger,N'Diaye=ndiaye,Château=chateau,Roux,Garçon=garcon,Le Goff=legoff,Ben Saïd=bensaid,Fernández=fernandez,Noël=noel,Petit,d’Ormesson=dormesson")},
		{weight: 60, locale: "de-DE", country: "DE", between: " ",
			zones:    []string{"Europe/Berlin"},
			given:    names("Jürgen=juergen,Käthe=kaethe,Björn=bjoern,Günther=guenther,Anneliese,Sören=soeren,Ulrike,Karl-Heinz=karlheinz"),
			surnames: names("Müller=mueller,Groß=gross,von der Heide=vonderheide,Schäfer=schaefer,Weiß=weiss,Öztürk=oeztuerk,Schmidt,Müller-Lüdenscheidt=muellerluedenscheidt")},
		{weight: 40, locale: "es-MX", country: "MX", between: " ",
			zones:    []string{"America/Mexico_City"},
			given:    names("José María=josemaria,Íñigo=inigo,Lucía=lucia,Ángel=angel,Begoña=begona,Sofía=sofia,Joaquín=joaquin,Ximena"),
			surnames: names("Muñoz Ibáñez=munozibanez,Peña=pena,de la Cruz=delacruz,Núñez=nunez,Gómez y Pérez=gomezyperez,Zúñiga=zuniga,Ortega,Güiraldes=guiraldes")},
		{weight: 30, locale: "pt-BR", country: "BR", between: " ",
			zones:    []string{"America/Sao_Paulo"},
			given:    names("João=joao,Conceição=conceicao,Inês=ines,Antônio=antonio,Beatriz,Thaís=thais"),
			surnames: names("Gonçalves=goncalves,da Conceição e Silva=daconceicaoesilva,Magalhães=magalhaes,Araújo=araujo,Simões=simoes,dos Santos=dossantos")},
		{weight: 30, locale: "pl-PL", country: "PL", between: " ",
			zones:    []string{"Europe/Warsaw"},
			given:    names("Łukasz=lukasz,Żaneta=zaneta,Grażyna=grazyna,Stanisław=stanislaw,Michał=michal,Małgorzata=malgorzata"),
			surnames: names("Wójcik=wojcik,Brzęczyszczykiewicz=brzeczyszczykiewicz,Źdźbło=zdzblo,Kowalska-Nowak=kowalskanowak,Śliwa=sliwa,Jabłoński=jablonski")},
		{weight: 20, locale: "tr-TR", country: "TR", between: " ",
			zones:    []string{"Europe/Istanbul"},
			given:    names("İrem=irem,Işıl=isil,Çağlar=caglar,Şule=sule,Oğuz=oguz,Ümit=umit"),
			surnames: names("Yıldız=yildiz,Çelik=celik,Şahin=sahin,Öztürk=ozturk,Kılıç=kilic,Ağaoğlu=agaoglu")},
		{weight: 15, locale: "vi-VN", country: "VN", between: " ", familyFirst: true,
			zones:    []string{"Asia/Ho_Chi_Minh"},
			given:    names("Thị Hương=thihuong,Văn Đức=vanduc,Quỳnh=quynh,Ngọc Ánh=ngocanh,Thế Vỹ=thevy"),
			surnames: names("Nguyễn=nguyen,Trần=tran,Phạm=pham,Đặng=dang,Vũ=vu")},
		{weight: 15, locale: "is-IS", country: "IS", between: " ",
			zones:    []string{"Atlantic/Reykjavik"},
			given:    names("Þórdís=thordis,Guðmundur=gudmundur,Ævar=aevar,Sigríður=sigridur"),
			surnames: names("Þorsteinsdóttir=thorsteinsdottir,Jónsson=jonsson,Ægisson=aegisson,Ólafsdóttir=olafsdottir")},
		{weight: 40, locale: "ja-JP", country: "JP", between: " ", familyFirst: true,
			zones:    []string{"Asia/Tokyo"},
			given:    names("さくら=sakura,健太=kenta,美咲=misaki,翔=sho,ユイ=yui,大輔=daisuke"),
			surnames: names("佐藤=sato,髙橋=takahashi,渡邊=watanabe,鈴木=suzuki,小野寺=onodera,𠮷田=yoshida")},
		{weight: 25, locale: "zh-CN", country: "CN", familyFirst: true,
			zones:    []string{"Asia/Shanghai"},
			given:    names("娜=na,伟=wei,秀英=xiuying,子涵=zihan,晓明=xiaoming,芳=fang"),
			surnames: names("李=li,王=wang,欧阳=ouyang,张=zhang,陈=chen,诸葛=zhuge")},
		{weight: 15, locale: "ko-KR", country: "KR", familyFirst: true,
			zones:    []string{"Asia/Seoul"},
			given:    names("민준=minjun,서연=seoyeon,지우=jiwoo,하은=haeun"),
			surnames: names("김=kim,이=lee,박=park,남궁=namgung")},
		{weight: 25, locale: "ar-SA", country: "SA", between: " ",
			zones:    []string{"Asia/Riyadh"},
			given:    names("محمد=mohammed,فاطمة=fatima,عبد الرحمن=abdulrahman,نورة=noura,خالد=khalid,مريم=maryam"),
			surnames: names("العتيبي=alotaibi,القحطاني=alqahtani,بن سلمان=binsalman,الزهراني=alzahrani,حداد=haddad,الغامدي=alghamdi")},
		{weight: 10, locale: "he-IL", country: "IL", between: " ",
			zones:    []string{"Asia/Jerusalem"},
			given:    names("נועה=noa,דוד=david,שירה=shira,איתי=itai"),
			surnames: names("כהן=cohen,לוי=levi,בן־דוד=bendavid,פרידמן=friedman")},
		{weight: 15, locale: "hi-IN", country: "IN", between: " ",
			zones:    []string{"Asia/Kolkata"},
			given:    names("प्रिया=priya,अर्जुन=arjun,लक्ष्मी=lakshmi,श्रीकांत=shrikant"),
			surnames: names("शर्मा=sharma,सिंह=singh,चट्टोपाध्याय=chattopadhyay,गुप्ता=gupta")},
		{weight: 10, locale: "uk-UA", country: "UA", between: " ",
			zones:    []string{"Europe/Kyiv"},
			given:    names("Олена=olena,Їжак=yizhak,Дем’ян=demian,Ґалина=galyna"),
			surnames: names("Шевченко=shevchenko,Щербак=shcherbak,Кузьменко=kuzmenko,Григор’єв=hryhoriev")},
		{weight: 10, locale: "el-GR", country: "GR", between: " ",
			zones:    []string{"Europe/Athens"},
			given:    names("Γιώργος=giorgos,Ελένη=eleni,Αθηνά=athina,Νίκος=nikos"),
			surnames: names("Παπαδόπουλος=papadopoulos,Οικονόμου=oikonomou,Βασιλείου=vasileiou,Ψαρράς=psarras")},
	}
}

func names(list string) []name {
	var out []name
	for entry := range strings.SplitSeq(list, ",") {
		shown, ascii, romanised := strings.Cut(entry, "=")
		if !romanised {
			ascii = strings.ToLower(shown)
		}
		out = append(out, name{shown, ascii})
	}
	return out
}

// oddity is a name at a fixed number: it must be in every tenant large enough.
func oddity(i int) (given, surname name, ok bool) {
	switch i {
	case 3: // Markdown, if a bot lets it through
		return name{"*Ana*", "ana"}, name{"[x](http://evil)", "x"}, true
	case 5: // emoji with a joiner and a skin tone
		return name{"Lou 👩🏽‍💻", "lou"}, name{"Party🎉", "party"}, true
	case 7: // longer than most columns
		return name{"Maria-Magdalena Theresia Wilhelmine Adelheid Franziska Josepha", "mariamagdalena"},
			name{strings.Repeat("von und zu Hohenlohe-Waldenburg-", 4) + "Schillingsfürst", "schillingsfuerst"}, true
	case 9: // HTML, if a bot lets it through
		return name{"<b>Bo</b>", "bo"}, name{"& Söhne <at>x</at>", "soehne"}, true
	case 11: // a right-to-left override
		return name{"\u202eדניאל\u202c", "daniel"}, name{"Al-Fârûq", "alfaruq"}, true
	case 13: // one letter each
		return name{"Q", "q"}, name{"Ô", "o"}, true
	}
	return name{}, name{}, false
}
