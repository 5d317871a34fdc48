using Xunit;
using ZfsSync.Testing.Zfs;

namespace ZfsSync.Lab.Tests.Zfs;

public class RealZfs21Contract(Zfs21Vm vm) : ZfsContract(vm.Zfs), IClassFixture<Zfs21Vm>;

public class RealZfs23Contract(Zfs23Vm vm) : ZfsContract(vm.Zfs), IClassFixture<Zfs23Vm>;
