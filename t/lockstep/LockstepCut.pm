# SPDX-License-Identifier: GPL-2.0-or-later
# A SEC in virtual time (LockstepLog) is taken over in the middle of its life: it writes its dump, and goes on.
#
#     CUT='SECOND COMMAND' PERL5OPT='-MLockstepLog -MLockstepCut' ...
#
# COMMAND makes of the file `cut.json` the file `cut.state`; its output and exit status go to `cut.told` and
# `cut.status`.  What a dump does not hold, and the state does not have, is then taken from SEC as well, so that
# whoever goes on with the state has to do what it does; with CUT_KEEPS_ALL=1 only the order of things, which is
# that of a hash in SEC.
package LockstepCut;
use strict;
use warnings;
use JSON::PP ();
use LockstepLog;

my ($second, $command) = split(' ', delete $ENV{CUT} // die("LockstepCut: no CUT\n"), 2);
LockstepLog::at($second, \&cut);

sub slurp {
    open(my $file, '<', $_[0]) or return '';
    local $/;
    return scalar(readline($file));
}

sub bytes { return map { utf8::encode(my $text = $_); utf8::decode($text); $text } @_ }

# The numbers stay the same, and go to the things in this order.
sub renumber {
    my ($number, @things) = @_;
    my @numbers = sort { $a <=> $b } map { ${ $number->($_) } } @things;
    ${ $number->($_) } = shift(@numbers) for @things;
}

sub order_contexts {
    my @names = map { @{ $_->{names} } } @_;
    my $came = (tied %main::context_list)->{came};
    renumber(sub { \$came->{ $_[0] } }, @names);
    for my $name (@names) { (tied %{ $main::context_list{$name} })->{names}{$name} = $came->{$name} }
    renumber(sub { \(tied %{ $main::context_list{ $_[0]{names}[0] } })->{set} }, @_);
}

sub order_operations {
    my @keys = map { "$_->{rule}{file} | $_->{rule}{number} | $_->{desc}" } @_;
    my $came = (tied %main::corr_list)->{came};
    renumber(sub { \$came->{ $_[0] } }, @keys);
    for my $key (@keys) { (tied %{ $main::corr_list{$key} })->{names}{$key} = $came->{$key} }
    renumber(sub { \(tied %{ $main::corr_list{ $_[0] } })->{set} }, @keys);
    for my $table (map { tied %$_ } grep { $_ } map { $_->{Operations} } map { @$_ } values %main::configuration) {
        my %has = %{ $table->{came} };
        renumber(sub { \$table->{came}{ $_[0] } }, grep { exists $has{$_} } @keys) if %has;
    }
}

# What SEC knows and the state does not.
sub forget {
    my ($state) = @_;
    $main::context_list{ $_->{names}[0] }{Desc} = $_->{actions}{desc} // '' for grep { $_->{actions} } @{ $state->{contexts} };
    $main::variables{$_} = undef for grep { !defined $state->{variables}{$_} } keys %{ $state->{variables} };
    $main::startuptime = $^T = $main::lastcleanuptime = $state->{second};
    undef $main::last_time;
    for my $place (@{ $state->{calendar} }) {
        my $rule = $main::configuration{ $place->{rule}{file} }[ $place->{rule}{number} ];
        @$rule{ map { "LastAction$_" } qw(Minute Hour Day Month Year) } = (CORE::localtime($place->{acted}))[1 .. 5];
    }
}

sub cut {
    no warnings 'once';
    {
        local ($main::dumpfile, $main::dumpfts) = ('cut.json', 0);
        main::dump_data_json();
    }
    my $told = `$command 2>&1`;
    my $status = $?;
    open(my $out, '>', 'cut.told') or die "cut.told: $!\n";
    print $out $told;
    close($out);
    open($out, '>', 'cut.status') or die "cut.status: $!\n";
    print $out $status >> 8;
    close($out);
    my $state = eval { JSON::PP->new->utf8->decode(slurp('cut.state')) };
    if ($state) {
        forget($state) unless $ENV{CUT_KEEPS_ALL};
        order_contexts(@{ $state->{contexts} });
        order_operations(@{ $state->{operations} });
    }
    main::log_msg(main::LOG_WARN(), "CUT");
    syswrite(STDOUT, "CUT\n");
}

1;
