# SPDX-License-Identifier: GPL-2.0-or-later
# A page of the book (doc/tutorial.md, doc/howto) as its tests follow it: what is saved, and what is typed.
package Page;
use strict;
use warnings;
use Exporter qw(import);
use IO::Handle;
use IO::Select;
use Program qw(slurp);
use Time::HiRes qw(time);

our @EXPORT_OK = qw(steps alike type);

use constant PATIENCE => 120;    # seconds; a busy machine is no failure

# The steps of a page, in their order, each with the title that it is under:
#   { kind => "file", path => PATH, text => TEXT }      the paragraph before says: ... save ... `PATH` ...:
#   { kind => "user" or "root", command => LINE, answer => TEXT, at => OFFSET, length => BYTES }
#                                                       after "$ " or "# "; where the answer is in the page
# A block that is neither, or that follows a title or a file without a sentence, is { kind => "other", text => TEXT }.
sub steps {
    my ($page) = @_;
    my (@steps, $title);
    while ($page =~ /^(?:#+ (.*)\n(?!\n    )|(\S.*\n(?:\S.*\n)*)\n((?:    .*\n|\n(?=\n*    ))+))/mg) {
        $title = $1, next if defined($1);
        my ($before, $block, $at) = ($2, $3, $-[3]);
        my $step = { title => $title, text => $block =~ s/^    //mgr };
        if ($before =~ /.*\b[Ss]ave\b[^`]*`([^`]+)`.*:\n\z/s && $block !~ /\n\n    [\$#] /) {
            push(@steps, { %$step, kind => "file", path => $1 });
        } elsif ($before !~ /^#/ && $block =~ /\A    [\$#] /) {
            push(@steps, map { { %$step, %$_ } } commands($block, $at));
        } else {
            push(@steps, { %$step, kind => "other" });
        }
    }
    return @steps;
}

sub commands {
    my ($block, $at) = @_;
    my @commands;
    while ($block =~ /^    ([\$#]) (.*)\n((?:(?!    [\$#] ).*\n)*)/mg) {
        my ($prompt, $command, $answer, $begin) = ($1, $2, $3, $-[3]);
        push(@commands, { kind => $prompt eq "\$" ? "user" : "root", command => $command,
                          answer => $answer =~ s/^    //mgr, at => $at + $begin, length => length($answer) });
    }
    return @commands;
}

# A text without what differs from run to run: times that a run takes, a year that is not told, releases of SEC.
sub alike {
    my ($text) = @_;
    $text =~ s/\(\d+\.\d\d s\)/(N s)/g;
    $text =~ s/^(Time  )\d{4}(?=-\d\d-\d\d [\d:]{8}$)/$1YEAR/mg;
    $text =~ s/SEC 2\.\d+\.\w+/SEC 2.N/g;
    $text =~ s/Secant \d+\.\d+\.\d+/Secant N/g;
    $text =~ s/^  not compared, because this SEC's dumps lack it: .*\n//mg;
    $text =~ s/^  took .*/  took T/mg;
    return $text;
}

# Is this what the page says? There a line "..." stands for any lines.
sub fits {
    my ($said, $answer) = @_;
    my $pattern = join("(?:.*\n)*", map { quotemeta } split(/^\.\.\.\n/m, alike($answer), -1));
    return alike($said) =~ /\A$pattern\z/;
}

# --- a shell that a page is typed into -------------------------------------------------------------

# In this folder; what it runs in the background goes on from command to command.
sub new {
    my ($class, $folder) = @_;
    pipe(my $in, my $typed) or die "pipe: $!";
    pipe(my $said, my $out) or die "pipe: $!";
    my $pid = fork() // die "fork: $!";
    if (!$pid) {
        setpgrp(0, 0);
        chdir($folder) or die "$folder: $!";
        open(STDIN, "<&", $in);
        open(STDOUT, ">&", $out);
        open(STDERR, ">&", $out);
        close($_) for $in, $typed, $said, $out;
        exec("sh") or die "sh: $!";
    }
    close($_) for $in, $out;
    $typed->autoflush(1);
    return bless { pid => $pid, typed => $typed, said => $said, behind => 0 }, $class;
}

# What this command says; the answer that is expected tells how long to wait for what runs in the background.
sub type {
    my ($self, $command, $answer) = @_;
    $self->{behind} = 1 if $command =~ /&\s*$/;
    $self->{behind} = 0 if $command =~ m{^kill\b};
    print { $self->{typed} } "{\n$command\n} </dev/null; printf '\\n+done+\\n'\n";
    my ($said, $done) = ("", 0);
    my $select = IO::Select->new($self->{said});
    for (my $end = time() + PATIENCE; time() < $end;) {
        $done ||= $said =~ s/\n\+done\+\n//;
        last if $done && (!$self->{behind} || fits($said, $answer));
        next unless $select->can_read(0.1);
        sysread($self->{said}, $said, 65536, length($said)) or last;
    }
    return $said;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $!);
    kill("KILL", -$self->{pid});
    waitpid($self->{pid}, 0);
}

1;
