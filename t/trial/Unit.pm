# SPDX-License-Identifier: GPL-2.0-or-later
# A unit of systemd with its drop-ins: what it says, and the command lines and variables that follow from it.
# Only what the units of sec, rsyslog and secant need.
package Unit;
use strict;
use warnings;
use Program qw(slurp);

my @folders = map { "$_/systemd/system" } "/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib";

# The unit of this name below a root; undef: there is none.
sub find {
    my ($class, $root, $name) = @_;
    my ($file) = grep { -e } map { "$root$_/$name" } @folders;
    return undef unless defined($file);
    my %drop_ins;
    for my $folder (reverse(@folders)) {
        $drop_ins{ s{.*/}{}r } = $_ for glob("$root$folder/$name.d/*.conf");
    }
    my $self = bless { root => $root, name => $name, files => [$file, map { $drop_ins{$_} } sort keys %drop_ins], settings => {} }, $class;
    $self->read_file($_) for @{ $self->{files} };
    return $self;
}

# An empty value takes back those before it.
sub read_file {
    my ($self, $file) = @_;
    my $section = "";
    my $text = slurp($file) =~ s/^[ \t]*[#;].*\n//gmr =~ s/\\\n/ /gr;
    for my $line (split(/\n/, $text)) {
        $section = $1 if $line =~ /^\[(\w+)\]/;
        my ($name, $value) = $line =~ /^(\w+)\s*=\s*(.*?)\s*$/ or next;
        my $values = $self->{settings}{$section}{$name} //= [];
        length($value) ? push(@$values, $value) : (@$values = ());
    }
}

sub name { return $_[0]{name} }
sub files { return @{ $_[0]{files} } }

# All values of a setting of [Service], or of the section given.
sub list {
    my ($self, $name, $section) = @_;
    return @{ $self->{settings}{ $section // "Service" }{$name} // [] };
}

sub one {
    my ($self, $name, $default) = @_;
    return ($self->list($name))[-1] // $default;
}

# Seconds of a time such as 90, 100ms, 1min.
sub seconds {
    my ($self, $name, $default) = @_;
    my ($number, $unit) = ($self->one($name) // "") =~ /^([\d.]+)\s*(ms|min|s|)$/ or return $default;
    return $number * { ms => 0.001, min => 60, s => 1, "" => 1 }->{$unit};
}

# The words of a line, without their quotes; each with whether it was quoted.
sub words {
    my ($line) = @_;
    my @words;
    while ($line =~ /\G\s*(\S.*)/gc) {
        pos($line) = $-[1];
        my ($word, $quoted) = ("", 0);
        while ($line =~ /\G(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:[^\s"'\\]|\\.)+))/gc) {
            my $piece = $1 // $2 // $3;
            $quoted ||= !defined($3);
            $word .= $piece =~ s/\\(.)/$1/gr;
        }
        push(@words, [$word, $quoted]);
    }
    return @words;
}

# Environment= and then EnvironmentFile=.
sub variables {
    my ($self) = @_;
    my %variables = map { map { $_->[0] =~ /^(\w+)=(.*)/s } words($_) } $self->list("Environment");
    for my $file (map { glob($self->{root} . s/^-//r) } $self->list("EnvironmentFile")) {
        for my $line (split(/\n/, slurp($file) =~ s/\\\n/ /gr)) {
            next unless $line =~ /^\s*(\w+)=(.*?)\s*$/;
            $variables{$1} = join(" ", map { $_->[0] } words($2));
        }
    }
    return %variables;
}

# The command lines of a kind: [words], and may it fail?
sub commands {
    my ($self, $kind, %more) = @_;
    my %variables = ($self->variables, %more);
    my ($stem) = $self->{name} =~ /^(.*)\.\w+$/;
    my %specifiers = ("%" => "%", n => $self->{name}, N => $stem, p => $stem =~ s/\@.*//r);
    return map {
        my ($prefix, $line) = /^([-:+!]*)(.*)/;
        $line =~ s/%([%nNp])/$specifiers{$1}/g;
        my @words = map {
            my ($word, $quoted) = @$_;
            !$quoted && $word =~ /^\$(\w+)$/ ? map { $_->[0] } words($variables{$1} // "")
                : $word =~ s/\$\{(\w+)\}/$variables{$1} \/\/ ""/ger =~ s/\$\$/\$/gr;
        } words($line);
        { words => \@words, lenient => scalar($prefix =~ /-/) };
    } $self->list($kind);
}

1;
