# Net::SMPP (Debian libnet-smpp-perl): takes and gives octets; the alphabets are Perl's Encode.
use strict;
use warnings;
use Encode qw(decode encode);
use IO::Select;
use JSON::PP;
use Net::SMPP;

$| = 1;
my $json = JSON::PP->new->utf8->canonical;
my ($smpp, $reference, $input) = (undef, 0, '');

sub tell_it { print $json->encode({@_}), "\n"; }

sub from { my ($ton, $npi, $digits) = @{$_[0]};
    return (source_addr_ton => $ton, source_addr_npi => $npi, source_addr => $digits); }
sub to { my ($ton, $npi, $digits) = @{$_[0]};
    return (dest_addr_ton => $ton, dest_addr_npi => $npi, destination_addr => $digits); }

# Octets and data_coding of a text.
sub coded {
    my ($text) = @_;
    my $copy = $text;
    my $octets = eval { encode('gsm0338', $copy, Encode::FB_CROAK) };
    return ($octets, 0) if defined $octets;
    return (encode('UTF-16BE', $text), 8);
}

# Cut into characters that are never torn: an escape or a surrogate pair is one.
sub pieces {
    my ($text) = @_;
    my ($octets, $coding) = coded($text);
    my ($whole, $room) = $coding ? (140, 134) : (160, 153);
    return ($coding, $octets) if length($octets) <= $whole;
    my @cut = ('');
    for my $character (split //, $text) {
        my $one = $coding ? encode('UTF-16BE', $character) : encode('gsm0338', $character);
        push @cut, '' if length($cut[-1]) + length($one) > $room;
        $cut[-1] .= $one;
    }
    return ($coding, @cut);
}

sub heard {
    my ($pdu) = @_;
    my %tlvs;
    for my $name (qw(receipted_message_id message_state message_payload network_error_code
                     sar_msg_ref_num sar_total_segments sar_segment_seqnum)) {
        $tlvs{$name} = unpack('H*', $pdu->{$name}) if defined $pdu->{$name};
    }
    tell_it(delivered => {
        command => $pdu->explain_cmd, source => $pdu->{source_addr},
        destination => $pdu->{destination_addr} // $pdu->{esme_addr},
        esm_class => $pdu->{esm_class} // 0, data_coding => $pdu->{data_coding} // 0,
        octets => unpack('H*', $pdu->{short_message} // ''), tlvs => \%tlvs,
    });
}

# Take what comes until the response to each sequence number is there.
sub responses {
    my @wanted = @_;
    my %got;
    while (grep { !exists $got{$_} } @wanted) {
        my $pdu = $smpp->read_pdu() or die 'the connection is gone';
        if ($pdu->{cmd} & 0x80000000) { $got{$pdu->{seq}} = $pdu; } else { unasked($pdu); }
    }
    return map { $got{$_} } @wanted;
}

sub unasked {
    my ($pdu) = @_;
    my $name = $pdu->explain_cmd;
    if ($name eq 'deliver_sm') { $smpp->deliver_sm_resp(seq => $pdu->{seq}, message_id => ''); }
    elsif ($name eq 'data_sm') { $smpp->data_sm_resp(seq => $pdu->{seq}, message_id => ''); }
    elsif ($name eq 'enquire_link') { $smpp->enquire_link_resp(seq => $pdu->{seq}); return; }
    elsif ($name ne 'alert_notification') { die "not expected: $name"; }
    heard($pdu);
}

sub told { my ($pdu) = @_;
    return { command => $pdu->explain_cmd, command_status => $pdu->{status},
             message_id => $pdu->{message_id} }; }

my %actions = (
    bind => sub {
        my ($order) = @_;
        $smpp = Net::SMPP->new_connect('127.0.0.1', port => $order->{port}, async => 1,
            system_id => $order->{system_id}, password => $order->{password},
            interface_version => $order->{interface_version} // 0x34) or die $!;
        my $method = "bind_$order->{mode}";
        my ($pdu) = responses($smpp->$method());
        my $version = $pdu->{sc_interface_version};
        tell_it(answer => 'bind', command_status => $pdu->{status},
            system_id => $pdu->{system_id},
            sc_interface_version => defined $version ? unpack('C', $version) : undef);
    },
    submit => sub {
        my ($order) = @_;
        my ($coding, @cut) = pieces($order->{text});
        my (@sequences, @payload);
        if ($order->{parts} eq 'payload') {
            @payload = (message_payload => (coded($order->{text}))[0]);
            @cut = ('');
        }
        $reference++;
        for my $index (0 .. $#cut) {
            my ($octets, $esm_class, @sar) = ($cut[$index], 0);
            if (@cut > 1 && $order->{parts} eq 'sar') {
                @sar = (sar_msg_ref_num => pack('n', $reference),
                    sar_total_segments => pack('C', scalar @cut),
                    sar_segment_seqnum => pack('C', $index + 1));
            } elsif (@cut > 1) {
                # The 16-bit reference: no other client here uses it.
                $octets = pack('CCCnCC', 6, 8, 4, $reference, scalar @cut, $index + 1) . $octets;
                $esm_class = 0x40;
            }
            push @sequences, $smpp->submit_sm(from($order->{source}), to($order->{destination}),
                short_message => $octets, data_coding => $coding, esm_class => $esm_class,
                registered_delivery => $order->{registered_delivery},
                schedule_delivery_time => $order->{schedule}, @sar, @payload);
        }
        tell_it(answer => 'submit', responses => [map { told($_) } responses(@sequences)]);
    },
    data_sm => sub {
        my ($order) = @_;
        my ($octets, $coding) = coded($order->{text});
        my @dpf = $order->{set_dpf} ? (set_dpf => pack('C', 1)) : ();
        my ($pdu) = responses($smpp->data_sm(from($order->{source}), to($order->{destination}),
            data_coding => $coding, registered_delivery => $order->{registered_delivery},
            message_payload => $octets, @dpf));
        tell_it(answer => 'data_sm', responses => [told($pdu)]);
    },
    submit_multi => sub {
        my ($order) = @_;
        my ($octets, $coding) = coded($order->{text});
        my @all = @{$order->{destinations}};
        my ($pdu) = responses($smpp->submit_multi(from($order->{source}),
            dest_flag => [map { ref $_ ? 1 : 2 } @all],
            dest_addr_ton => [map { ref $_ ? $_->[0] : 0 } @all],
            dest_addr_npi => [map { ref $_ ? $_->[1] : 0 } @all],
            destination_addr => [map { ref $_ ? $_->[2] : $_ } @all],
            short_message => $octets, data_coding => $coding));
        my $failed = $pdu->{no_unsuccess} // 0;
        tell_it(answer => 'submit_multi', responses => [told($pdu)], unsuccess => [
            map { [$pdu->{destination_addr}[$_], $pdu->{error_status_code}[$_]] }
                0 .. $failed - 1]);
    },
    query_sm => sub {
        my ($order) = @_;
        my ($pdu) = responses($smpp->query_sm(message_id => $order->{message_id},
            from($order->{source})));
        tell_it(answer => 'query_sm', command_status => $pdu->{status},
            message_id => $pdu->{message_id}, message_state => $pdu->{message_state},
            final_date => $pdu->{final_date}, error_code => $pdu->{error_code});
    },
    cancel_sm => sub {
        my ($order) = @_;
        my ($pdu) = responses($smpp->cancel_sm(message_id => $order->{message_id},
            from($order->{source}), to($order->{destination})));
        tell_it(answer => 'cancel_sm', command_status => $pdu->{status});
    },
    replace_sm => sub {
        my ($order) = @_;
        my ($octets) = coded($order->{text});
        my ($pdu) = responses($smpp->replace_sm(message_id => $order->{message_id},
            from($order->{source}), registered_delivery => 1, short_message => $octets));
        tell_it(answer => 'replace_sm', command_status => $pdu->{status});
    },
    enquire_link => sub {
        my ($pdu) = responses($smpp->enquire_link());
        tell_it(answer => 'enquire_link', command_status => $pdu->{status});
    },
    unbind => sub {
        my ($pdu) = responses($smpp->unbind());
        close $smpp;
        undef $smpp;
        tell_it(answer => 'unbind', command_status => $pdu->{status});
    },
);

while (1) {
    my $select = IO::Select->new(\*STDIN, $smpp ? $smpp : ());
    for my $ready ($select->can_read) {
        if ($smpp && $ready == $smpp) {
            unasked($smpp->read_pdu() || die 'the connection is gone');
            next;
        }
        sysread(STDIN, $input, 65536, length $input) or exit 0;
        while ($input =~ s/^(.*)\n//) {
            my $order = $json->decode($1);
            $actions{$order->{do}}->($order);
        }
    }
}
