# SPDX-License-Identifier: GPL-2.0-or-later
# doc/migration.md as its tests follow it: the texts of files that it has, and what is typed.
package Guide;
use strict;
use warnings;
use Program qw(slurp spew);

# Parts by their titles ("" is the beginning), each a list of
#   { file => PATH, text => TEXT }     a block that is no command; the last path before it says what it is
#   { command => LINE, answer => TEXT }
sub parts {
    my ($path) = @_;
    my @parts = (["", []]);
    my $before = "";
    my $page = slurp($path) or die "$path: $!";
    while ($page =~ /\G(?:^(#+) (.*)\n|((?:^    .*\n)(?:^    .*\n|^\n(?=\n*    ))*)|(.*\n))/mgc) {
        my ($level, $title, $block, $line) = ($1, $2, $3, $4);
        push(@parts, [$title, []]) if defined($title);
        $before .= $line if defined($line);
        next unless defined($block);
        $block =~ s/^    //mg;
        push(@{ $parts[-1][1] }, $block =~ /^# /m ? commands($block, $before) : file($block, $before));
        $before = "";
    }
    return @parts;
}

sub file {
    my ($block, $before) = @_;
    my ($path) = $before =~ m{.*(?<![\w/.])(/(?:etc|usr)/[\w./-]+\w)}s or die "a text of no file: $block";
    return { file => $path, text => $block };
}

# What stands before the first command is a file's.
sub commands {
    my ($block, $before) = @_;
    my ($text) = $block =~ /\A((?!# ).*\S.*\n(?:(?!# ).*\n)*)/;
    my @all = defined($text) ? file($text, $before) : ();
    while ($block =~ /^# (.*)\n((?:(?!# ).*\n)*)/mg) {
        my ($command, $answer) = ($1, $2);
        $answer =~ s/\n+\z/\n/;
        push(@all, { command => $command, answer => $answer eq "\n" ? "" : $answer });
    }
    return @all;
}

# What a command says, in a shell that has the variables of those before it; $?.  $folder is ours.
sub type {
    my ($command, $folder) = @_;
    spew("$folder/command", ". $folder/variables\n$command\nstatus=\$?\nset | grep -E '^(pid|rsyslogd)=' >$folder/variables\nexit \$status\n");
    open(my $new, ">>", "$folder/variables");
    return scalar(`timeout 120 sh $folder/command 2>&1 </dev/null`);
}

1;
