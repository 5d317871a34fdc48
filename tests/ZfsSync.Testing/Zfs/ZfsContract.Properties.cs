using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

public abstract partial class ZfsContract
{
    private int SetFailure => zfs.IsAtLeast22 ? 255 : 1;

    private Task<string[]> Sources(string dataset, string properties) =>
        Lines($"get -Hp -o value,source {properties} {dataset}");

    [Fact]
    public async Task A_property_is_local_where_it_was_set_and_inherited_below()
    {
        await Ok("create -o x:y=1 -o compression=off -o quota=100M S/a");
        await Ok("create S/a/b");
        (await Sources("S/a", "x:y,compression,quota")).ShouldBe(["1\tlocal", "off\tlocal", "104857600\tlocal"]);
        (await Sources("S/a/b", "x:y,compression,quota")).ShouldBe([
            "1\tinherited from S/a",
            "off\tinherited from S/a",
            "0\tdefault",
        ]);
    }

    [Fact]
    public async Task Inherit_forgets_a_local_value()
    {
        await Ok("create -o x:y=1 S/a");
        await Ok("create -o x:y=2 S/a/b");
        await Ok("inherit x:y S/a/b");
        (await Sources("S/a/b", "x:y")).ShouldBe(["1\tinherited from S/a"]);
        await Ok("inherit -r x:y S/a");
        (await Sources("S/a", "x:y")).ShouldBe(["-\t-"]);
    }

    [Fact]
    public async Task A_snapshot_has_user_properties_of_its_own_and_of_its_dataset()
    {
        await Ok("create -o x:y=1 S/a");
        await Ok("snapshot -o x:z=2 S/a@1");
        (await Sources("S/a@1", "x:y,x:z")).ShouldBe(["1\tinherited from S/a", "2\tlocal"]);
        await Ok("set x:z=3 S/a@1");
        (await Sources("S/a@1", "x:z")).ShouldBe(["3\tlocal"]);
        await Refuses(
            "set readonly=on S/a@1",
            SetFailure,
            "cannot set property for 'S/a@1': this property can not be modified for snapshots"
        );
    }

    [Fact]
    public async Task Properties_that_cannot_be_set_are_refused()
    {
        await Ok("create S/a");
        await Refuses("set guid=1 S/a", SetFailure, "cannot set property for 'S/a': 'guid' is readonly");
        await Refuses("set nosuch=1 S/a", SetFailure, "cannot set property for 'S/a': invalid property 'nosuch'");
        await Refuses(
            "set readonly=maybe S/a",
            SetFailure,
            "cannot set property for 'S/a': 'readonly' must be one of 'on | off'"
        );
        await Refuses("set quota=abc S/a", SetFailure, "cannot set property for 'S/a': bad numeric value 'abc'");
        await Refuses(
            "set mountpoint=x S/a",
            SetFailure,
            "cannot set property for 'S/a': 'mountpoint' must be an absolute path, 'none', or 'legacy'"
        );
        await Refuses("set encryption=on S/a", SetFailure, "cannot set property for 'S/a': 'encryption' is readonly");
        await Refuses(
            "set volsize=1M S/a",
            SetFailure,
            "cannot set property for 'S/a': 'volsize' does not apply to datasets of this type"
        );
        await Refuses("set X:Y=1 S/a", SetFailure, "cannot set property for 'S/a': invalid property 'X:Y'");
        await Refuses("set x:y=1 S/none", 1, "cannot open 'S/none': dataset does not exist");
        await Refuses("set x:y=1", 2, "missing dataset name(s)");
    }

    [Fact]
    public async Task Properties_that_cannot_be_inherited_are_refused()
    {
        await Ok("create S/a");
        await Refuses("inherit guid S/a", 1, "guid property is read-only");
        await Refuses("inherit nosuch S/a", 2, "invalid property 'nosuch'");
        await Refuses(
            "inherit quota S/a",
            1,
            "'quota' property cannot be inherited\nuse 'zfs set quota=none' to clear\nuse 'zfs inherit -S quota' to revert to received value"
        );
    }

    [Fact]
    public async Task Datasets_that_cannot_be_are_not_created()
    {
        await Ok("create S/a");
        await Ok("create -V 16M S/vol");
        await Refuses("create S/a", 1, "cannot create 'S/a': dataset already exists");
        await Refuses("create S/x/y", 1, "cannot create 'S/x/y': parent does not exist");
        await Refuses("create S/a@1", 1, "cannot create 'S/a@1': snapshot delimiter '@' is not expected here");
        await Refuses("create S/vol/x", 1, "cannot create 'S/vol/x': parent is not a filesystem");
        await Refuses("create nosuch/x", 1, "cannot create 'nosuch/x': no such pool 'nosuch'");
        await Refuses("create -o nosuch=1 S/x", 1, "cannot create 'S/x': invalid property 'nosuch'");
        await Refuses("create -o guid=1 S/x", 1, "cannot create 'S/x': 'guid' is readonly");
    }

    [Fact]
    public async Task A_new_filesystem_is_mounted_below_its_parent()
    {
        await Ok("create S/a");
        (await Values("S/a", "mounted,mountpoint")).ShouldBe(["yes", "/S/a"]);
        await Ok("set mountpoint=/elsewhere/" + _name + " S/a");
        await Ok("create S/a/b");
        (await Sources("S/a/b", "mountpoint")).ShouldBe([$"/elsewhere/{_name}/b\tinherited from S/a"]);
    }

    [Fact]
    public async Task A_placeholder_is_not_mounted_and_its_children_are_as_without_it()
    {
        await Ok("create -o canmount=off S/a");
        await Ok("create S/a/b");
        (await Values("S/a", "mounted,canmount")).ShouldBe(["no", "off"]);
        (await Values("S/a/b", "mounted,canmount")).ShouldBe(["yes", "on"]);
    }

    [Fact]
    public async Task A_volume_has_a_size_and_no_mountpoint()
    {
        await Ok("create -V 16M S/vol");
        (await Values("S/vol", "type,volsize,mountpoint")).ShouldBe(["volume", "16777216", "-"]);
        await Ok("snapshot S/vol@1");
        await Ok("set volsize=32M S/vol");
        (await Value("S/vol@1", "volsize")).ShouldBe("16777216");
    }

    [Fact]
    public async Task Properties_in_a_stream_are_received_ones()
    {
        await Ok("create -o x:y=1 -o compression=off S/a");
        await Ok("snapshot S/a@1");
        await Transfers("-p S/a@1", "-u T/a");
        (await Sources("T/a", "x:y,compression")).ShouldBe(["1\treceived", "off\treceived"]);
        await Ok("set x:y=2 T/a");
        (await Lines("get -Hp -o value,received,source x:y T/a")).ShouldBe(["2\t1\tlocal"]);
        await Ok("inherit x:y T/a");
        (await Lines("get -Hp -o value,received,source x:y T/a")).ShouldBe(["-\t1\t-"]);
        await Ok("inherit -S x:y T/a");
        (await Lines("get -Hp -o value,received,source x:y T/a")).ShouldBe(["1\t1\treceived"]);
    }

    [Fact]
    public async Task A_stream_takes_what_was_set_on_its_dataset_not_what_it_inherits()
    {
        await Ok("create -o x:y=1 S/a");
        await Ok("create -o x:z=2 S/a/b");
        await Ok("snapshot S/a/b@1");
        await Transfers("-p S/a/b@1", "-u T/b");
        (await Sources("T/b", "x:y,x:z")).ShouldBe(["-\t-", "2\treceived"]);
    }

    [Fact]
    public async Task An_increment_with_properties_brings_them_up_to_date()
    {
        await Ok("create -o x:old=1 S/a");
        await Ok("snapshot S/a@1");
        await Transfers("-p S/a@1", "-u T/a");
        await Ok("inherit x:old S/a");
        await Ok("set x:new=2 S/a");
        await Ok("snapshot S/a@2");
        await Transfers("-p -i @1 S/a@2", "-u T/a");
        (await Sources("T/a", "x:old,x:new")).ShouldBe(["-\t-", "2\treceived"]);
    }

    [Fact]
    public async Task Receive_can_set_and_leave_out_properties()
    {
        await Ok("create -o x:y=1 -o x:z=2 -o readonly=on S/a");
        await Ok("snapshot S/a@1");
        await Transfers("-p S/a@1", "-u -o x:y=own -x x:z -o canmount=off -x readonly T/a");
        (await Sources("T/a", "x:y,x:z,canmount,readonly")).ShouldBe([
            "own\tlocal",
            "-\t-",
            "off\tlocal",
            "off\tdefault",
        ]);
    }

    [Fact]
    public async Task Properties_that_a_receive_cannot_set_are_refused()
    {
        var prefix = zfs.IsAtLeast22 ? "cannot receive: cannot receive: " : "cannot receive: ";
        await History("S/a", "1");
        await RefusesStream("S/a@1", "-u -o guid=1 T/a", prefix + "invalid property 'guid'");
        await RefusesStream("S/a@1", "-u -x nosuch T/a", prefix + "invalid property 'nosuch'");
    }

    [Fact]
    public async Task Holds_travel_only_when_asked_for()
    {
        await History("S/a", "1");
        await Ok("hold keep S/a@1");
        await Transfers("S/a@1", "-u T/a");
        await Transfers("-h S/a@1", "-u T/b");
        await Transfers("-h S/a@1", "-u -h T/c");
        (await Value("T/a@1", "userrefs")).ShouldBe("0");
        (await Value("T/b@1", "userrefs")).ShouldBe("1");
        (await Value("T/c@1", "userrefs")).ShouldBe("0");
    }
}
