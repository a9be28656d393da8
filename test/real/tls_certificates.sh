# tls_certificates.sh - the certificates of the scripts beside this file that
# speak TLS, made anew by openssl(1) for each run: two good authorities, and
# what can be wrong with a certificate.
#
# After make_certificates, "$certificates" holds for each NAME below NAME.pem,
# what a server shows (its own certificate, then the issuers'), and NAME.key.
# root.pem is what clients trust.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC

# The extensions of an authority.
authority='basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign'

# What `openssl ca` wants to know besides what make_certificate tells it.
certificates_config() {
	cat <<-END
		[ca]
		default_ca = each
		[each]
		database = $certificates/index
		new_certs_dir = $certificates
		rand_serial = yes
		unique_subject = no
		default_md = sha256
		default_days = 30
		policy = any
		[any]
		commonName = supplied
		[authority]
		$authority
		[req]
		distinguished_name = none
		[none]
	END
}

# make_key NAME [ALGORITHM]
make_key() {
	case ${2:-ec} in
	ec) set -- "$1" EC ec_paramgen_curve:P-256 ;;
	rsa1024) set -- "$1" RSA rsa_keygen_bits:1024 ;;
	esac
	openssl genpkey -algorithm "$2" -pkeyopt "$3" \
	    -out "$certificates/$1.key"
}

# make_authority NAME [ISSUER]: signed by itself, if there is no issuer.
make_authority() {
	make_key "$1"
	if [ -n "$2" ]; then
		make_certificate "$1" "$2" "$authority"
		return
	fi
	certificates_config >"$certificates/config"
	openssl req -new -x509 -config "$certificates/config" -days 30 \
	    -extensions authority -key "$certificates/$1.key" \
	    -subj "/CN=Spindle $1" -out "$certificates/$1.pem"
}

# make_certificate NAME ISSUER EXTENSIONS [OPTION of openssl ca ...]: its
# subject is NAME.test.  Without an issuer it signs itself.
make_certificate() {
	name=$1
	issuer=$2
	printf '%s\n' "$3" >"$certificates/extensions"
	shift 3
	[ -f "$certificates/$name.key" ] || make_key "$name"
	certificates_config >"$certificates/config"
	openssl req -new -config "$certificates/config" \
	    -key "$certificates/$name.key" -subj "/CN=$name.test" \
	    -out "$certificates/request"
	if [ -n "$issuer" ]; then
		set -- -cert "$certificates/$issuer.pem" \
		    -keyfile "$certificates/$issuer.key" "$@"
	else
		set -- -selfsign -keyfile "$certificates/$name.key" "$@"
	fi
	openssl ca -batch -notext -config "$certificates/config" \
	    -extfile "$certificates/extensions" \
	    -in "$certificates/request" -out "$certificates/$name.pem" "$@"
}

# show NAME ISSUER ...: a server with this certificate shows these, too.
show() {
	shown=$1
	shift
	for issuer in "$@"; do
		cat "$certificates/$issuer.pem" >>"$certificates/$shown.pem"
	done
}

# names NAME ...: the extension that says for whom a certificate is.
names() {
	printf 'subjectAltName = '
	for word in "$@"; do
		case $word in
		*[!0-9.]* | '') printf 'DNS:%s' "$word" ;;
		*) printf 'IP:%s' "$word" ;;
		esac
		shift
		[ $# -eq 0 ] || printf ', '
	done
}

# all_certificates: one for each way to be right or wrong.
all_certificates() {
	make_authority root
	make_authority stranger
	make_authority between root

	make_certificate good root "$(names good.test)"
	make_certificate expired root "$(names expired.test)" \
	    -startdate 20200101000000Z -enddate 20210101000000Z
	make_certificate early root "$(names early.test)" \
	    -startdate 20600101000000Z -enddate 20610101000000Z
	make_certificate other root "$(names elsewhere.test)"
	make_certificate wildcard root "$(names '*.wild.test')"
	make_certificate partial root "$(names 'p*.part.test')"
	make_certificate top root "$(names '*.test' '*')"
	make_certificate address root "$(names 127.0.0.1)"
	make_certificate nameless root 'basicConstraints = CA:FALSE'
	make_certificate text root 'subjectAltName = DNS:127.0.0.1'
	make_certificate unknown stranger "$(names unknown.test)"
	make_certificate selfmade '' "$(names selfmade.test)"
	make_certificate chain between "$(names chain.test)"
	show chain between
	make_certificate missing between "$(names missing.test)"

	# A name that ends early for who reads it as a string of C.
	make_certificate nul root \
	    "subjectAltName = DER:30128210$(printf nul.test |
	    od -An -tx1 | tr -d ' \n')00$(printf evil.ex |
	    od -An -tx1 | tr -d ' \n')"

	# Signed by a certificate that is no authority.
	make_certificate impostor good "$(names impostor.test)"
	show impostor good
	make_certificate purpose root "$(names purpose.test)
extendedKeyUsage = clientAuth"
	make_key weak rsa1024
	make_certificate weak root "$(names weak.test)"

	# The intermediate has had its day.
	make_certificate late root "$authority" \
	    -startdate 20200101000000Z -enddate 20210101000000Z
	make_certificate after late "$(names after.test)"
	show after late
}

# make_certificates DIRECTORY
make_certificates() {
	certificates=$1
	mkdir -p "$certificates"
	: >"$certificates/index"
	all_certificates >"$certificates/log" 2>&1 && return
	sed 's/^/# /' "$certificates/log"
	return 1
}
