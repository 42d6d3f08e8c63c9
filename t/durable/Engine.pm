# SPDX-License-Identifier: GPL-2.0-or-later
# The program under test in a folder: work files, out/ (written by rules), run/ (written by their commands), state/.
package Engine;
use strict;
use warnings;
use IO::Handle;
use List::Util qw(max);
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

use constant PATIENCE => 120;    # seconds; a busy machine is no failure
use constant LAST => 300;        # bytes at the end of a file: the last lines

# environment: variables for the program.
sub new {
    my ($class, %self) = @_;
    mkdir("$self{dir}/$_") for qw(out run);
    return bless { environment => {}, %self }, $class;
}

# With these options; piped: its standard input and output are pipes.
sub start {
    my ($self, $piped, @options) = @_;
    my ($child_in, $in, $out, $child_out);
    if ($piped) {
        pipe($child_in, $in) && pipe($out, $child_out) or die "pipe: $!";
    }
    $self->{begin} = -s "$self->{dir}/log" // 0;
    $self->{pid} = fork() // die "fork: $!";
    if (!$self->{pid}) {
        chdir($self->{dir}) or die "$self->{dir}: $!";
        open(STDIN, "<&", $child_in // do { open(my $null, "<", "/dev/null"); $null }) or die "stdin: $!";
        open(STDERR, ">>", "err") or die "err: $!";
        open(STDOUT, ">&", $child_out // \*STDERR) or die "stdout: $!";
        @ENV{ keys(%{ $self->{environment} }) } = values(%{ $self->{environment} });
        exec(@{ $self->{command} }, "--log=log", "--dump=dump", "--dumpfjson", @options) or die "exec: $!";
    }
    close($_) for grep { $_ } $child_in, $child_out;
    return ($in, $out);
}

# Its exit status, if it has ended; undef: it runs.
sub ended {
    my ($self) = @_;
    return $self->{status} if !defined($self->{pid});
    return undef if waitpid($self->{pid}, WNOHANG) != $self->{pid};
    $self->{pid} = undef;
    return $self->{status} = $?;
}

# Whoever gives up leaves none behind.
sub DESTROY { local $?; $_[0]->signal('KILL') }

sub signal { kill($_[1], $_[0]{pid}) if defined($_[0]{pid}) }

# The commands that run.
sub commands { return split(" ", $_[0]->slurp("/proc/$_[0]{pid}/task/$_[0]{pid}/children")) }

# Waits until this is true; false: the program ended before, or it did not become so.
sub eventually {
    my ($self, $true, $patience) = @_;
    for (my $end = time() + ($patience // PATIENCE); time() < $end; sleep(0.02)) {
        return 1 if $true->();
        return "" if defined($self->ended);
    }
    return "";
}

# Ends it by this signal; the exit status.  Dies when it does not end.
sub stop {
    my ($self, $signal) = @_;
    $self->signal($signal);
    $self->eventually(sub { 0 }) if defined($self->{pid});
    return $self->{status} unless defined($self->{pid});
    kill('KILL', $self->{pid});
    waitpid($self->{pid}, 0);
    die "does not end by $signal\n" . $self->log_tail;
}

sub slurp {
    my ($self, $name) = @_;
    open(my $file, "<", $name =~ /^\// ? $name : "$self->{dir}/$name") or return "";
    local $/;
    return scalar(<$file>) // "";
}

# Whether the log has this since the start.
sub logged {
    my ($self, $pattern) = @_;
    open(my $log, "<", "$self->{dir}/log") or return 0;
    seek($log, $self->{begin}, 0);
    local $/;
    return (<$log> // "") =~ $pattern;
}

sub lines { return split(/\n/, $_[0]->slurp($_[1])) }

sub log_tail {
    my ($self) = @_;
    my @log = grep { !/^.{24}: (?:Writ|Creat|Add|Assign|Call|Delet|Exec|Feed|Find|Check|Alias|Prep|Shift|Copy|Empty|Sched|Spawn|Report|Obsol|Stale|Variable|Child|Evaluat|Cancel|Reset)/ }
        $self->lines("log"), $self->lines("err");
    return join("", map { "    $_\n" } @log > 15 ? @log[-15 .. -1] : @log);
}

# The state as JSON text.
sub dump {
    my ($self) = @_;
    unlink("$self->{dir}/dump");
    $self->signal('USR1');
    my $text = "";
    $self->eventually(sub { ($text = $self->slurp("dump")) =~ /\}\s*\z/ }) or die "no dump\n" . $self->log_tail;
    return $text;
}

# The greatest number that begins one of the last whole lines of a file, 0 if there is none.
sub last_number {
    my ($self, $name) = @_;
    open(my $file, "<", "$self->{dir}/$name") or return 0;
    my $size = -s $file;
    seek($file, $size - LAST, 0) if $size > LAST;
    local $/;
    my $text = <$file> // "";
    return max(0, $text =~ /^(\d+).*\n/mg);
}

# The files of the state folder and their sizes.
sub state_files {
    my ($self) = @_;
    my $dir = "$self->{dir}/state";
    opendir(my $handle, $dir) or return {};
    return { map { ($_ => -s "$dir/$_" // 0) } grep { !/^\./ } readdir($handle) };
}

1;
