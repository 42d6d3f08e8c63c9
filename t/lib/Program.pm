# SPDX-License-Identifier: GPL-2.0-or-later
# Secant as a running program: started in a fresh folder, fed through a pipe, watched by its log.
package Program;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use POSIX qw(WNOHANG sysconf _SC_CLK_TCK);
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(binary reference spew slurp eventually end_by);

use constant PATIENCE => 120;    # seconds; a busy machine is no failure

# Who starts the tests may ignore signals (a shell does, for `test &`; nohup does), and what is ignored stays so in
# all that is started.
$_ = 'DEFAULT' for grep { ($_ // "") eq 'IGNORE' } values %SIG;

# Waits until this is true; false: it did not become so.
sub eventually {
    my ($true, $patience) = @_;
    for (my $end = time() + ($patience || PATIENCE); time() < $end; sleep(0.02)) {
        return 1 if $true->();
    }
    return "";
}

# A child is sent this signal; 0: it ends by itself.  Its exit status; undef: it had to be killed.
sub end_by {
    my ($signal, $pid) = @_;
    kill($signal, $pid);
    return $? if eventually(sub { waitpid($pid, WNOHANG) == $pid });
    kill('KILL', $pid);
    waitpid($pid, 0);
    return undef;
}

sub binary {
    my $here = dirname(abs_path(__FILE__));
    return $ENV{SECANT} || abs_path("$here/../..") . "/build/secant";
}

# The command of SEC: $SEC, or the one that is installed; undef: there is none.
sub reference {
    my ($installed) = grep { -x } map { "$_/sec" } split(/:/, $ENV{PATH}), "/usr/bin";
    return $ENV{SEC} || $installed;
}

sub spew {
    my ($name, $text) = @_;
    open(my $fh, ">", $name) or die "$name: $!";
    print $fh $text;
    close($fh);
}

sub slurp {
    my ($name) = @_;
    open(my $fh, "<", $name) or return "";
    local $/;
    return scalar(<$fh>) // "";
}

# In a new folder, with these files (name => text; NAME.sec are the rules) and options.  The program reads its
# standard input, and logs to the file "log".
sub start {
    my ($class, $rules, @options) = @_;
    my $self = bless { dir => tempdir(CLEANUP => 1), seen => 0 }, $class;
    spew("$self->{dir}/$_", $rules->{$_}) for keys %$rules;
    pipe(my $in, my $feed) or die "pipe: $!";
    $self->{pid} = fork() // die "fork: $!";
    if (!$self->{pid}) {
        chdir($self->{dir}) or die "$self->{dir}: $!";
        open(STDIN, "<&", $in) or die "stdin: $!";
        open(STDOUT, ">", "out");
        open(STDERR, ">", "err");
        close($_) for $in, $feed;
        exec(split(' ', binary()), (map { "--conf=$_" } grep { /\.sec$/ } sort keys %$rules), "--input=-",
             "--log=log", @options) or die "exec: $!";
    }
    close($in);
    $feed->autoflush(1);
    $self->{feed} = $feed;
    return $self;
}

sub path { return "$_[0]{dir}/$_[1]" }

sub feed {
    my ($self, @lines) = @_;
    print { $self->{feed} } map { "$_\n" } @lines;
}

sub signal { kill($_[1], $_[0]{pid}) }

# Bytes of memory and seconds of CPU time that the program has used.
sub memory { return slurp("/proc/$_[0]{pid}/status") =~ /^VmRSS:\s+(\d+)/m ? 1024 * $1 : undef }

sub cpu {
    my @fields = split(' ', slurp("/proc/$_[0]{pid}/stat") =~ s/^.*\)//sr);
    return ($fields[11] + $fields[12]) / sysconf(_SC_CLK_TCK);
}

# Waits until the log holds this after what was found before; returns the text in between, with the
# match and without times.  undef: it did not come.
sub logged {
    my ($self, $pattern) = @_;
    for (my $end = time() + PATIENCE; time() < $end; sleep(0.02)) {
        my $log = slurp($self->path("log"));
        pos($log) = $self->{seen};
        next unless $log =~ /\G(.*?(?:$pattern).*?\n)/gs;
        $self->{seen} = pos($log);
        my $text = $1;
        $text =~ s/^\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}: //gm;
        return $text;
    }
    return undef;
}

# No more input; the exit status.
sub finish {
    my ($self) = @_;
    close($self->{feed});
    for (my $end = time() + PATIENCE; time() < $end; sleep(0.02)) {
        return $? if waitpid($self->{pid}, WNOHANG) == $self->{pid};
    }
    kill('KILL', $self->{pid});
    waitpid($self->{pid}, 0);
    return "killed";
}

1;
