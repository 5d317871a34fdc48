using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

public abstract partial class ZfsContract
{
    private const string KeyProperties = "encryption,encryptionroot,keystatus";

    private Task Encrypted(string dataset) =>
        Ok($"create -o encryption=on -o keyformat=raw -o keylocation={zfs.KeyLocation(isOther: false)} {dataset}");

    /// <summary>An encrypted filesystem with snapshots.</summary>
    private Task EncryptedHistory(string dataset, params string[] snapshots) =>
        zfs.CreateAsync(
            Real(dataset),
            ["encryption=on", "keyformat=raw", $"keylocation={zfs.KeyLocation(isOther: false)}"],
            snapshots,
            Cancellation
        );

    [Fact]
    public async Task An_encrypted_dataset_is_the_root_of_those_below_it()
    {
        await Encrypted("S/e");
        await Ok("create S/e/c");
        (await Values("S/e", KeyProperties)).ShouldBe(["aes-256-gcm", "S/e", "available"]);
        (await Values("S/e/c", KeyProperties)).ShouldBe(["aes-256-gcm", "S/e", "available"]);
        (await Values("S", KeyProperties)).ShouldBe(["off", "-", "-"]);
    }

    [Fact]
    public async Task A_raw_replica_needs_no_key_and_takes_raw_increments()
    {
        await EncryptedHistory("S/e", "1", "2");
        await Transfers("-w S/e@1", "-u T/e");
        (await Values("T/e", KeyProperties + ",keylocation,mounted,written")).ShouldBe([
            "aes-256-gcm",
            "T/e",
            "unavailable",
            "prompt",
            "no",
            "0",
        ]);
        await Transfers("-w -i @1 S/e@2", "-u T/e");
        (await Value("T/e@2", "guid")).ShouldBe(await Value("S/e@2", "guid"));
        await Refuses("mount T/e", 1, "cannot mount 'T/e': encryption key not loaded");
    }

    [Fact]
    public async Task A_raw_replica_opens_with_the_source_s_key_only()
    {
        await EncryptedHistory("S/e", "1");
        await Transfers("-w S/e@1", "-u T/e");
        await Refuses(
            $"load-key -L {zfs.KeyLocation(isOther: true)} T/e",
            255,
            "Key load error: Incorrect key provided for 'T/e'."
        );
        await Ok($"load-key -L {zfs.KeyLocation(isOther: false)} T/e");
        await Ok("mount T/e");
        (await Hashes("T/e")).ShouldBe(await Hashes("S/e"));
        await Refuses("unload-key T/e", 255, "Key unload error: 'T/e' is busy.");
        await Ok("unmount T/e");
        await Ok("unload-key T/e");
        (await Value("T/e", "keystatus")).ShouldBe("unavailable");
    }

    [Fact]
    public async Task An_encrypted_dataset_is_sent_in_the_clear_only_with_its_key()
    {
        await EncryptedHistory("S/e", "1");
        await Transfers("S/e@1", "-u T/plain");
        (await Value("T/plain", "encryption")).ShouldBe("off");
        await Ok("unmount S/e");
        await Ok("unload-key S/e");
        await RefusesToSend("S/e@1", "warning: cannot send 'S/e@1': dataset key must be loaded");
        await Transfers("-w S/e@1", "-u T/raw");
    }

    [Fact]
    public async Task An_encrypted_dataset_is_sent_with_properties_only_raw()
    {
        await EncryptedHistory("S/e", "1");
        await RefusesToSend(
            "-p S/e@1",
            "cannot send S/e@1: encrypted dataset S/e may not be sent with properties without the raw flag\nwarning: cannot send 'S/e@1': backup failed"
        );
        await Transfers("-w -p S/e@1", "-u T/e");
    }

    [Fact]
    [Trait("Scenario", "37")]
    public async Task Raw_and_clear_increments_do_not_mix()
    {
        await EncryptedHistory("S/e", "1", "2");
        await Transfers("S/e@1", "-u T/plain");
        await Transfers("-w S/e@1", "-u T/raw");
        await RefusesStream(
            "-w -i @1 S/e@2",
            "-u T/plain",
            "cannot receive incremental stream: cannot perform raw receive on top of existing unencrypted dataset"
        );
        await RefusesStream(
            "-i @1 S/e@2",
            "-u T/raw",
            "cannot receive incremental stream: inherited key must be loaded"
        );
    }

    [Fact]
    [Trait("Scenario", "36")]
    public async Task A_raw_increment_needs_a_base_that_came_raw()
    {
        await EncryptedHistory("S/e", "1", "2", "3");
        await Transfers("-w S/e@1", "-u T/e");
        await Ok($"load-key -L {zfs.KeyLocation(isOther: false)} T/e");
        await Transfers("-i @1 S/e@2", "-u T/e");
        await RefusesStream(
            "-w -i @2 S/e@3",
            "-u T/e",
            "cannot receive incremental stream: IV set guid mismatch. See the 'zfs receive' man page section\n discussing the limitations of raw encrypted send streams."
        );
    }

    [Fact]
    public async Task A_newer_snapshot_even_without_data_stops_a_raw_increment()
    {
        await EncryptedHistory("S/e", "1", "2");
        await Transfers("-w S/e@1", "-u T/e");
        await Ok("snapshot T/e@own");
        await RefusesStream(
            "-w -i @1 S/e@2",
            "-u T/e",
            "cannot receive incremental stream: destination T/e has been modified\nsince most recent snapshot"
        );
        await Ok("rollback -r T/e@1");
        await Transfers("-w -i @1 S/e@2", "-u T/e");
    }

    [Fact]
    [Trait("Scenario", "35")]
    public async Task A_plain_stream_below_an_encrypted_parent_is_encrypted_when_the_key_is_there()
    {
        await History("S/a", "1");
        await Encrypted("T/e");
        await Transfers("S/a@1", "-u T/e/a");
        (await Values("T/e/a", KeyProperties)).ShouldBe(["aes-256-gcm", "T/e", "available"]);
        await Transfers("-p S/a@1", "-u T/e/p");
        (await Value("T/e/p", "encryption")).ShouldBe("off");
        await Transfers("-p S/a@1", "-u -x encryption T/e/x");
        (await Value("T/e/x", "encryptionroot")).ShouldBe("T/e");
        await Ok("unmount T/e");
        await Ok("unload-key T/e");
        await RefusesStream("S/a@1", "-u T/e/b", "cannot receive new filesystem stream: inherited key must be loaded");
    }

    [Fact]
    public async Task A_plain_stream_can_become_an_encryption_root()
    {
        await History("S/a", "1");
        await Transfers(
            "S/a@1",
            $"-u -o encryption=on -o keyformat=raw -o keylocation={zfs.KeyLocation(isOther: false)} T/a"
        );
        (await Values("T/a", KeyProperties)).ShouldBe(["aes-256-gcm", "T/a", "available"]);
    }

    [Fact]
    [Trait("Scenario", "39")]
    public async Task Raw_does_nothing_to_a_plain_dataset()
    {
        await History("S/a", "1");
        await Transfers("-w S/a@1", "-u T/a");
        (await Value("T/a", "encryption")).ShouldBe("off");
    }

    [Fact]
    public async Task Without_the_key_nothing_is_created_below_but_snapshots_are_taken()
    {
        await EncryptedHistory("S/e", "1");
        await Ok("unmount S/e");
        await Ok("unload-key S/e");
        await Refuses("create S/e/c", 1, "cannot create 'S/e/c': encryption root's key is not loaded or provided");
        await Ok("snapshot S/e@2");
    }

    [Fact]
    public async Task An_encrypted_child_stays_below_its_root()
    {
        await Encrypted("S/e");
        await Ok("create S/e/c");
        await Refuses(
            "rename S/e/c S/c",
            1,
            "cannot rename 'S/e/c': cannot move encrypted child outside of its encryption root"
        );
        await Ok("rename S/e S/e2");
        (await Value("S/e2/c", "encryptionroot")).ShouldBe("S/e2");
    }

    [Fact]
    public async Task A_raw_child_sent_alone_is_its_own_root()
    {
        await Encrypted("S/e");
        await Ok("create S/e/c");
        await Ok("snapshot -r S/e@1");
        await Transfers("-w S/e/c@1", "-u T/c");
        (await Value("T/c", "encryptionroot")).ShouldBe("T/c");
        await Transfers("-w -R S/e@1", "-u T/e");
        (await Value("T/e/c", "encryptionroot")).ShouldBe("T/e");
    }

    [Fact]
    [Trait("Scenario", "45")]
    public async Task A_cut_raw_stream_resumes_raw()
    {
        await EncryptedHistory("S/e", "1");
        await Cut("-w S/e@1", "-s -u T/e");
        var token = await Token("T/e");
        (await Lines($"send -nvt {token}")).ShouldContain("\trawok = 1");
        await Transfers($"-t {token}", "-s -u T/e");
        (await Values("T/e", KeyProperties)).ShouldBe(["aes-256-gcm", "T/e", "unavailable"]);
    }

    [Fact]
    public async Task Keys_belong_to_the_encryption_root()
    {
        await Encrypted("S/e");
        await Ok("create S/e/c");
        await Refuses("load-key S/e", 255, "Key load error: Key already loaded for 'S/e'.");
        await Refuses(
            "load-key S/e/c",
            255,
            "Key load error: Keys must be loaded for encryption root of 'S/e/c' (S/e)."
        );
        await Refuses(
            "unload-key S/e/c",
            255,
            "Key unload error: Keys must be unloaded for encryption root of 'S/e/c' (S/e)."
        );
        await Refuses("load-key S", 255, "Key load error: 'S' is not encrypted.");
    }
}
