#!/bin/sh
# engines_test.sh - the commands of README's "many machines", read from there
# and run as they stand: xargs and GNU parallel for real, the latter also by
# ssh to a server of our own; Slurm, Hadoop Streaming and Spark by stand-ins
# that keep to what the engines' documentation promises.  Each URL of the list
# must come once, in a record that is whole.  Prints TAP.
#
# Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
cd "$(dirname "$0")/../.." || exit 1
. test/real/servers.sh
need nginx parallel xargs rsync ssh ssh-keygen timeout
sshd=$(PATH=$PATH:/usr/sbin command -v sshd) || skip_all 'needs sshd'
enter test/real/engines_test.sh
case $SCRAPER in
/*) ;;
*) SCRAPER=$PWD/$SCRAPER ;;
esac
readme=$PWD/README.md
begin

# ---- a site of 60 hosts with 5 pages each, and long titles ----

long=$(awk 'BEGIN { for (i = 0; i < 3000; i++) printf "x" }')
cat >"$work/hosts.site" <<END
server {
	listen 8081;
	location / { return 200 "<title>Page \$uri of \$host</title>"; }
	location /long/ { return 200 "<title>$long</title>"; }
}
END
start_nginx
awk 'BEGIN {
	for (page = 1; page <= 5; page++)
		for (host = 1; host <= 60; host++)
			print "http://127.0.0." host ":8081/" page
}' >"$work/urls.txt"
sed 's,^http://\([^:]*\):8081\(.*\),&	Page \2 of \1,' "$work/urls.txt" |
    LC_ALL=C sort >"$work/wanted"

# The same among two URLs that fail.
{
	echo http://127.0.0.1:9/first
	cat "$work/urls.txt"
	echo http://127.0.0.1:9/last
} >"$work/urls"

# What the engines start and keep is here, and nothing of the user's own.
mkdir "$work/bin" "$work/home"
ln -s "$SCRAPER" "$work/bin/scraper"
PATH=$work/bin:$PATH
HOME=$work/home
LC_ALL=C
export PATH HOME LC_ALL

# ---- README's commands ----

# command_of BEGINNING PATTERN: the commands in README that begin so, and have
# that; lines that are continued are joined.
command_of() {
	sed -n '/^### .*many machines/,/^## /s/^    //p' "$readme" |
	    sed -e :more -e '/\\$/N; s/\\\n *//; t more' |
	    grep -F -e "$2" | grep -e "^$1"
}

# reads_as FOLDER BEGINNING PATTERN: README has one such command, which goes
# well in a folder of its own, where the list is, and scraper.
reads_as() {
	mkdir "$work/$1"
	cp "$work/urls.txt" "$work/urls" "$SCRAPER" "$work/$1/"
	command_of "$2" "$3" >"$work/command"
	[ "$(wc -l <"$work/command")" -eq 1 ] &&
	    (cd "$work/$1" && timeout 120 sh "$work/command") \
	    >"$work/log" 2>&1 </dev/null && return
	sed 's/^/# /' "$work/command" "$work/log"
	return 1
}

# JSON Lines as URL, TAB, title.
json_to_tsv() {
	sed 's/^{"url":"\([^"]*\)".*"title":"\([^"]*\)",.*}$/\1	\2/' "$@"
}

# What is read is what is wanted, in whatever order.
each_once() {
	sort >"$work/got"
	cmp -s "$work/got" "$work/wanted" && return
	diff "$work/wanted" "$work/got" | head -n 5 | sed 's/^/# /'
	return 1
}

# ---- xargs: several writers to one file, and to one pipe ----

xargs_by_lines() {
	reads_as xargs xargs 'urls.txt >titles.tsv' &&
	    each_once <"$work/xargs/titles.tsv"
}

xargs_by_shares() {
	reads_as shares 'seq 4 | xargs' --shard &&
	    json_to_tsv "$work/shares/titles.jsonl" | each_once
}

# Records of nearly PIPE_BUF bytes stay whole.
one_pipe() {
	sed 's,/\([0-9]\)$,/long/\1,' "$work/urls.txt" >"$work/long"
	xargs -P 8 -n 10 scraper --titles -q <"$work/long" | cat |
	    sort >"$work/got"
	sed "s/\$/	$long/" "$work/long" | sort | cmp -s - "$work/got"
}

check 'xargs, by lines' xargs_by_lines
check 'xargs, by shares' xargs_by_shares
check 'eight writers to one pipe' one_pipe

# ---- GNU parallel ----

parallel_pipe() {
	reads_as pipe parallel --pipe &&
	    json_to_tsv "$work/pipe/titles.jsonl" | each_once
}

# The shares that are missing, or torn, come with a second run.
parallel_shares() {
	reads_as parts 'seq 8 | parallel' --resume &&
	    cat "$work/parts/"part.*.jsonl | json_to_tsv | each_once ||
	    return 1
	rm "$work/parts/part.3.jsonl"
	printf '{"url":"http://127' >>"$work/parts/part.5.jsonl"
	(cd "$work/parts" && sh "$work/command") &&
	    cat "$work/parts/"part.*.jsonl | json_to_tsv | each_once
}

check 'GNU parallel, by lines' parallel_pipe
check 'GNU parallel, by shares, and again' parallel_shares

# ---- GNU parallel, by ssh to two machines that are this one ----

# Two ports of one server; what each is told is done in a folder of its own.
# It wants a directory in /run, which is one of its own, too.
start_sshd() {
	ssh-keygen -q -t ed25519 -N '' -f "$work/host" &&
	    ssh-keygen -q -t ed25519 -N '' -f "$work/user" || return 1
	mkdir "$work/machine.2201" "$work/machine.2202"
	sed 's/^/one,two /' "$work/host.pub" >"$work/known_hosts"
	cp "$work/user.pub" "$work/authorized_keys"
	printf 'cd %s.${SSH_CONNECTION##* } && eval "$SSH_ORIGINAL_COMMAND"' \
	    "$work/machine" >"$work/machine"
	cat >"$work/sshd_config" <<-END
		ListenAddress 127.0.0.1:2201
		ListenAddress 127.0.0.1:2202
		HostKey $work/host
		PidFile $work/sshd.pid
		AuthorizedKeysFile $work/authorized_keys
		AuthenticationMethods publickey
		PermitRootLogin prohibit-password
		StrictModes no
		UsePAM no
		MaxStartups 100
		SetEnv PATH=$PATH HOME=$HOME
		ForceCommand sh $work/machine
	END
	cat >"$work/ssh_config" <<-END
		Host one
			HostKeyAlias one
			Port 2201
		Host two
			HostKeyAlias two
			Port 2202
		Host *
			HostName 127.0.0.1
			User $(id -un)
			IdentityFile $work/user
			IdentitiesOnly yes
			UserKnownHostsFile $work/known_hosts
			StrictHostKeyChecking yes
			BatchMode yes
	END
	ssh=$(PATH=${PATH#*:} command -v ssh)
	printf '#!/bin/sh\nexec %s -F %s "$@"\n' "$ssh" "$work/ssh_config" \
	    >"$work/bin/ssh"
	chmod +x "$work/bin/ssh"
	unshare -m sh -ec 'mount -t tmpfs none /run; mkdir /run/sshd
	    exec "$0" -D -f "$1" -E "$2"' "$sshd" "$work/sshd_config" \
	    "$work/sshd.log" &
	other_pids="$other_pids $!"
	wait_for sshd test -s "$work/sshd.pid"
}

parallel_ssh() {
	reads_as ssh 'seq 8 | parallel -S' --basefile &&
	    json_to_tsv "$work/ssh/titles.jsonl" | each_once
}

# Both have been sent the list.
both_machines() {
	cmp "$work/urls.txt" "$work/machine.2201/urls.txt" &&
	    cmp "$work/urls.txt" "$work/machine.2202/urls.txt"
}

# Where somebody is root in name only, sshd cannot change to a user.
if grep -q deny /proc/self/setgroups 2>/dev/null; then
	say ok 'GNU parallel, by ssh # SKIP sshd needs root'
else
	check 'sshd, of our own' start_sshd
	check 'GNU parallel, by ssh' parallel_ssh
	check 'GNU parallel, by ssh: two machines' both_machines
fi

# ---- Slurm's job arrays: an index in the environment ----

cat >"$work/bin/sbatch" <<'EOT'
#!/bin/sh
# sbatch --array=1-N --wrap COMMAND: all jobs at once, the last one first.
[ "$2" = --wrap ] && [ $# -eq 3 ] || exit 1
last=${1#--array=1-}
i=$last
while [ "$i" -ge 1 ]; do
	SLURM_ARRAY_TASK_ID=$i sh -c "$3" &
	pids="$pids $!"
	i=$((i - 1))
done
for pid in $pids; do
	wait "$pid" || exit 1
done
EOT
chmod +x "$work/bin/sbatch"

slurm() {
	reads_as slurm sbatch --array &&
	    [ "$(find "$work/slurm" -name 'part.*' | wc -l)" -eq 8 ] &&
	    cat "$work/slurm/"part.*.jsonl | json_to_tsv | each_once
}
check "Slurm's job array" slurm

# ---- Hadoop Streaming ----

# A mapper reads the lines of its split on standard input, which may be none.
# What it prints is key, TAB, value.  A status that is not 0 fails the job.
cat >"$work/bin/mapred" <<'EOT'
#!/bin/sh
[ "$1" = streaming ] || exit 1
shift
while [ $# -gt 0 ]; do
	case $1 in
	-D) ;;
	-files) files=$2 ;;
	-mapper) mapper=$2 ;;
	-input) input=$2 ;;
	-output) output=$2 ;;
	*) exit 1 ;;
	esac
	shift 2
done
mkdir "$output" || exit 1
split -n l/7 -a 1 "$input" split. && : >split.none
for split in split.*; do
	mkdir "task.$split"
	cp "$files" "task.$split"
	(cd "task.$split" && sh -c "$mapper") <"$split" \
	    >"$output/part-${split#split.}" || exit 1
done
[ ! -s "$output/part-none" ]
EOT
chmod +x "$work/bin/mapred"

# A URL that fails is told, and fails no task.
hadoop() {
	reads_as hadoop 'mapred streaming' mapper &&
	    [ "$(grep -c ': refused: ' "$work/log")" -eq 2 ] &&
	    cat "$work/hadoop/titles/"part-* | each_once
}

no_lines() {
	scraper --titles -q --exit-zero </dev/null >"$work/out" 2>&1 &&
	    [ ! -s "$work/out" ] &&
	    echo http://127.0.0.1:9/ |
	    scraper --titles -q --exit-zero >"$work/out" 2>"$work/err" &&
	    [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ]
}
check "Hadoop Streaming's contract" hadoop
check 'no lines, and only failures: nothing is printed, status 0' no_lines

# ---- Spark's pipe: a process for each partition, also for an empty one ----

spark() {
	command_of sc.textFile pipe |
	    sed -n 's/.*\.pipe("\([^"]*\)").*/\1/p' >"$work/command"
	[ "$(wc -l <"$work/command")" -eq 1 ] || return 1
	for i in 1 2 3; do
		awk -v i=$i 'NR % 3 == i - 1' "$work/urls.txt" |
		    sh "$work/command" || return 1
	done >"$work/spark"
	sh "$work/command" </dev/null >>"$work/spark" &&
	    json_to_tsv "$work/spark" | each_once
}
check "Spark's pipe" spark
finish
