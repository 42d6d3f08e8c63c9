# SPDX-License-Identifier: GPL-2.0-or-later
#line 1 "secant"
# The Perl that ships: it is compiled into the program and runs once, at start; its last statement
# is the program itself (src/perl/interp.c).
#
# Here stands what has to be Perl because user code sees it: the frame in which code is evaluated,
# the signal handlers, and the modules that a rule may take for loaded.

package main::SEC;

# User code is evaluated here, without strict and in this package.  A rule's code sees the lexical
# variables of this sub, as it does in SEC: code that sets $ok to 0 declares itself failed.  No
# other lexical may stand above, or every rule would see that, too.
# Returns success and the values; after a failure the text of the error in place of the values.
sub call_eval {
    my ($code, $listcontext) = @_;
    my ($ok, @result) = (1);
    if ($listcontext) { @result = eval $code }
    else { @result = scalar eval $code }
    return ($ok, @result) unless $@;
    chomp($result[0] = $@);
    return (0, @result);
}

package main;

# What PERL5OPT asks for (-Mstrict) is for the code of rules, which is evaluated above.
BEGIN { $^H &= ~0x6e2 }

# A regular expression as SEC makes it: in package main, from text, never with code in it.
sub Secant::regex { my $regex = eval { qr/$_[0]/ }; return ($regex, $@) }

$SIG{PIPE} = 'IGNORE';

# Handlers only set flags, which the main loop reads.  User code may set the flags, call the
# handlers, or install its own for a while with local.
sub hup_handler { $SIG{HUP} = \&hup_handler; $refresh = $sigreceived = 1 }
sub abrt_handler { $SIG{ABRT} = \&abrt_handler; $softrefresh = $sigreceived = 1 }
sub usr1_handler { $SIG{USR1} = \&usr1_handler; $dumpdata = $sigreceived = 1 }
sub usr2_handler { $SIG{USR2} = \&usr2_handler; $openlog = $sigreceived = 1 }
sub int_handler { $SIG{INT} = \&int_handler; ++$debuglevelinc; $sigreceived = 1 }
sub term_handler { $SIG{TERM} = \&term_handler; $terminate{$$} = $sigreceived = 1 }

($sigreceived, $refresh, $softrefresh, $dumpdata, $openlog, $debuglevelinc) = (0) x 6;

sub Secant::handle_signals {
    my ($own_sigint) = @_;
    ($sigreceived, $refresh, $softrefresh, $dumpdata, $openlog, $debuglevelinc) = (0) x 6;
    %terminate = ();
    @SIG{qw(HUP ABRT USR1 USR2 TERM)} =
        (\&hup_handler, \&abrt_handler, \&usr1_handler, \&usr2_handler, \&term_handler);
    $SIG{INT} = \&int_handler if $own_sigint;
    return;
}

# SEC has these modules loaded, and their names imported into main.  Loading them takes 60 ms, most
# rule files need none, so they are loaded before the first code is compiled that can notice:
# - code that names one of them, or a module that comes with them, gets that one;
# - code that names an imported function (main::strftime, &::WNOHANG) or compiles in package main
#   gets all, with the imports;
# - code that asks %INC what is loaded gets all;
# - code that loads a file which is not part of an installed Perl gets all, because that file is
#   compiled out of our sight.
# Most code needs none of this (src/perl/call.c looks for words first), so that it is compiled on
# its first use only.
sub Secant::prepare {
    BEGIN { ${^WARNING_BITS} = '' }
    local $^W;
    *Secant::prepare = eval $Secant::prepare or die $@;
    goto &Secant::prepare;
}

$Secant::prepare = <<'PREPARE';
my %come_with = (
    'POSIX' => qr/^(?:POSIX|Tie::(?:Std|Extra)?Hash|XSLoader)$/,
    'Getopt::Long' => qr/^Getopt::/,
    'Fcntl' => qr/^Fcntl$/,
    'Socket' => qr/^Socket6?$/,
    'IO::Handle' => qr/^(?:IO|Symbol|SelectSaver)$|^IO::(?:Handle|File|Seekable)$/,
    'Sys::Syslog' => qr/^Sys::Syslog$|^File::Basename$/,
    'JSON::PP' => qr/^JSON::PP|^bytes$/,
    'Carp' => qr/^Carp$|^Exporter/,
    'List::Util' => qr/^(?:List|Scalar)::Util$/,
);

my $imported = qr/\b(?:strftime|setsid|ctermid|getpgrp|tcgetpgrp|setuid|setgid|GetOptions
    |inet_(?:aton|ntoa|pton|ntop)|(?:un)?pack_(?:sockaddr_\w+|ip\w+)|sockaddr_\w+
    |getaddrinfo|getnameinfo
    |E[A-Z0-9]{2,}|(?:AF|F|FD|INADDR|IP|IOV|MSG|O|PF|SCM|SEEK|SHUT|SOCK|SO|SOL|UIO|IPPROTO|TCP
    |IPV6|AI|EAI|NI)_\w+|SOMAXCONN|W[A-Z]{4,})\b/x;
my $pragma = qr/^(?:strict|warnings|vars|constant|integer|utf8|feature|lib|bytes|locale|parent
    |base|overload|subs|re|sort|bigint|bignum|open|less|if|fields|autodie|mro|version|threads
    |v?[0-9][\w.]*)$/x;
my ($all, @installed);

my $load = sub {
    my ($module) = @_;
    (my $file = "$module.pm") =~ s{::}{/}g;
    return if $INC{$file};
    local ($@, $!, $_);
    local $SIG{__DIE__};
    eval { require $file };
};

my $load_all = sub {
    return 1 if $all++;
    $load->($_) for sort keys %come_with;
    local ($@, $!, $_);
    local $SIG{__DIE__};
    eval {
        POSIX->import(qw(:errno_h :sys_wait_h SEEK_SET SEEK_CUR SEEK_END
            setsid ctermid getpgrp tcgetpgrp setuid setgid strftime));
        $_->import for qw(Getopt::Long Fcntl Socket IO::Handle);
    };
    return 1;
};

# Is the module a pragma or a file of the installed Perl, which asks for all it needs itself?
my $self_reliant = sub {
    my ($module) = @_;
    return 1 if $module =~ $pragma;
    (my $file = "$module.pm") =~ s{::}{/}g;
    return 1 if $INC{$file};
    if (!@installed) {
        local ($@, $!, $_);
        require Config;
        @installed = grep { defined && length }
            @Config::Config{qw(privlibexp archlibexp vendorlibexp vendorarchexp)};
    }
    return grep { -e "$_/$file" } @installed;
};

# Called with the text of user code before it is compiled; true once nothing is left to load.
sub {
    return 1 if $all;
    for ($_[0]) {
        return $load_all->()
            if /(?<![\$\@%\w])(?:main)?::$imported/ || /\bpackage\s+(?:main|::)\s*[;{]/;
        pos() = undef;
        while (/\b(?:use|no|require)\s+([^\s;(]*)/g) {
            my $what = $1;
            return $load_all->() unless $what =~ /^\w+(?:::\w+)*$/ && $self_reliant->($what);
        }
        return $load_all->() if /[\$%]INC\b/;
        return $load_all->() if /\bdo\s*(?:\(\s*)?["'\$q]/;
        for my $name (/\b(POSIX|Fcntl|Socket|Symbol|SelectSaver|Carp|\w+(?:::\w+)+)\b/g) {
            for my $module ($name, $name =~ /^(.+)::/) {
                $module =~ $come_with{$_} and $load->($_) for keys %come_with;
            }
        }
    }
    return 0;
}
PREPARE

Secant::run_body();
