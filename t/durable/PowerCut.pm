# SPDX-License-Identifier: GPL-2.0-or-later
# What a power failure may leave of files, for a program that was run with powerfail.c and then killed: of what was
# written since a file was synced a part, of names that came, went or changed since their folder was synced the first
# so many.  Also the switches of powerfail.c.
package PowerCut;
use strict;
use warnings;
use File::Basename qw(dirname);

use constant { CALLS => 0, KILL_AT => 8, CLOCK => 16, LATER => 24, FULL => 32, FROZEN => 40, BOOT => 56, MOVES => 64, BAD => 72, SIZE => 80 };

# With its files in a folder of its own; roots: the folders of which it is to keep a record (absolute).
sub new {
    my ($class, $library, $dir, @roots) = @_;
    my $self = bless { library => $library, dir => $dir, roots => \@roots, at => 0, names => {}, safe => {} }, $class;
    mkdir($dir) or die "$dir: $!";
    open(my $control, ">", "$dir/control") or die "control: $!";
    print $control "\0" x SIZE;
    close($control) or die "control: $!";
    return $self;
}

# For the program.
sub environment {
    my ($self) = @_;
    return { LD_PRELOAD => $self->{library}, POWERFAIL => $self->{dir}, POWERFAIL_ROOTS => join(":", @{ $self->{roots} }),
        ASAN_OPTIONS => join(":", $ENV{ASAN_OPTIONS} // (), "verify_asan_link_order=0") };
}

sub set {
    my ($self, $what, $value) = @_;
    open(my $control, "+<", "$self->{dir}/control") or die "control: $!";
    sysseek($control, $what, 0);
    syswrite($control, pack("q", $value));
}

sub calls {
    my ($self) = @_;
    open(my $control, "<", "$self->{dir}/control") or die "control: $!";
    sysread($control, my $bytes, 8);
    return unpack("q", $bytes);
}

# The process is killed at the call of this number from now on.
sub kill_at { $_[0]->set(KILL_AT, $_[1] ? $_[0]->calls + $_[1] : 0) }
sub clock { $_[0]->set(CLOCK, $_[1]) }
sub later { $_[0]->set(LATER, $_[1]) }
sub full { $_[0]->set(FULL, $_[1]) }
sub moves { $_[0]->set(MOVES, $_[1]) }
sub bad { $_[0]->set(BAD, $_[1]) }
sub frozen { $_[0]->set(FROZEN, $_[1]) }

# Reads what the record has in addition.
sub read_record {
    my ($self) = @_;
    open(my $log, "<", "$self->{dir}/log") or return;
    seek($log, $self->{at}, 0);
    while (my $line = <$log>) {
        last unless chomp($line);
        $self->{at} = tell($log);
        my ($kind, @words) = split(/ /, $line);
        if ($kind eq "b") {
            $self->{bad}{ $words[0] } = 1;
        } elsif ($kind eq "f") {
            $self->{safe}{ $words[0] } = $words[1] unless $self->{bad}{ $words[0] };
            $self->{syncs} += count_safe(\($self->{parsed}{ $words[2] } //= 0), $words[2], $words[1])
                if $words[2] =~ /\/journal/;
        } elsif ($kind eq "d") {
            $self->{names}{ $words[0] } = [];
        } else {
            push(@{ $self->{names}{ dirname($kind eq "r" ? $words[1] : $words[0]) } }, [$kind, @words]);
        }
    }
}

# How many frames of the next ones of a journal that end before this size begin with ENTRY_DISK (src/durable/entries.h).
sub count_safe {
    my ($parsed, $path, $size) = @_;
    my $count = 0;
    open(my $journal, "<", $path) or return 1;    # there is a newer one
    while ($$parsed + 16 <= $size) {
        seek($journal, $$parsed, 0);
        last unless read($journal, my $frame, 17) >= 16;
        $$parsed += 16 + (unpack("V", $frame) & 0x7fffffff);
        $count++ if substr($frame, 16) eq "D";
    }
    return $count;
}

# How often a journal was synced with all that had been done.
sub syncs {
    my ($self) = @_;
    $self->read_record;
    return $self->{syncs} // 0;
}

sub undo {
    my ($kind, @words) = @_;
    unlink($words[0]) if $kind eq "c";
    rmdir($words[0]) if $kind eq "m";
    rename($words[1], $words[0]) if $kind eq "r";
    link($words[-1], $words[-2]) if $kind =~ /[ur]/ && $words[-1] ne "-";
}

# The line within which a file ends now: where it begins => its length.
sub note_torn {
    my ($self, $file) = @_;
    my $torn = $self->{torn}{$file} //= {};
    open(my $in, "<", $file) or die "$file: $!";
    my ($at, $last) = (0, "");
    ($at, $last) = ($at + length($last), $_) while <$in>;
    delete(@$torn{ grep { $_ > $at } keys(%$torn) }); # the last line may be one that was torn before
    $torn->{$at} = length($last) if $last ne "" && $last !~ /\n\z/;
}

# The lines of a file; of those that are as long as a power failure has left them none is among the whole ones: another
# text may have been completed to one of them, or it came again.
sub whole_lines {
    my ($self, $file) = @_;
    return map { $_->[1] ? () : $_->[0] } $self->all_lines($file);
}

sub torn_lines {
    my ($self, $file) = @_;
    return map { $_->[1] ? $_->[0] : () } $self->all_lines($file);
}

sub all_lines {
    my ($self, $file) = @_;
    my ($at, @lines) = (0);
    open(my $in, "<", $file) or return @lines;
    while (my $line = <$in>) {
        my $torn = $self->{torn}{$file}{$at};
        $at += length($line);
        chomp($line);
        push(@lines, [$line, defined($torn) && $torn == length($line)]);
    }
    return @lines;
}

# The program has been killed, perhaps within a write.
sub killed {
    my ($self) = @_;
    $self->note_torn($_) for grep { -f && /\/out\// } map { glob("$_/*") } @{ $self->{roots} };
}

# How many bytes of a file are safe.
sub safe {
    my ($self, $file) = @_;
    $self->read_record;
    my ($device, $inode) = stat($file) or return 0;
    return $self->{safe}{"$device:$inode"} // 0;
}

# From the first sector that has nothing of what is kept on, each may be there, or zeros, or what was there before.
sub lose_sectors {
    my ($file, $kept, $size) = @_;
    open(my $out, "+<", $file) or die "$file: $!";
    for (my $at = int(($kept + 511) / 512) * 512; $at < $size; $at += 512) {
        next if rand() < 0.5;
        my $length = $size - $at < 512 ? $size - $at : 512;
        seek($out, $at, 0);
        print $out rand() < 0.5 ? "\0" x $length : join("", map { chr(int(rand(256))) } 1 .. $length);
    }
}

# The power fails: the program has been killed.  all: nothing is kept but what was synced; "outputs": nothing of what
# rules have written, and all else.
sub cut {
    my ($self, $all) = @_;
    $self->read_record;
    foreach my $names (values(%{ $self->{names} })) {
        my $lost = ($all // "") eq "outputs" ? 0 : $all ? @$names : rand() < 0.3 ? 0 : int(rand(1 + @$names));
        undo(@{ pop(@$names) }) for 1 .. $lost;
        @$names = ();
    }
    my %safe;
    delete(@{ $self->{torn} }{ grep { !-e } keys(%{ $self->{torn} }) });
    foreach my $file (grep { -f } map { glob("$_/*") } @{ $self->{roots} }) {
        my ($device, $inode, $size) = (stat($file))[0, 1, 7];
        my $kept = $self->{safe}{"$device:$inode"} // 0;
        my $draw = $all ? 0.5 : rand();
        $kept = $size if $kept > $size || $draw < 0.2 || (($all // "") eq "outputs" && $file !~ /\/out\//);
        $kept += int(rand($size - $kept + 1)) if $draw > 0.5;
        if (!$all && $kept < $size && $file =~ /\/journal\.\d+$/ && rand() < 0.3) {
            lose_sectors($file, $kept, $size);
            $kept = $size;
        }
        truncate($file, $kept) or die "$file: $!";
        # Room that was given to a file and not filled in time.
        truncate($file, $size) if $draw > 0.85 && $file =~ /\/(?:journal|snapshot)\.\d+$/;
        $safe{"$device:$inode"} = -s $file;
        $self->note_torn($file) if $kept < $size;
    }
    @$self{qw(safe parsed)} = (\%safe, {});
    $self->set(BOOT, ++$self->{boots});
    unlink(glob("$self->{dir}/shadow-*"));
}

1;
