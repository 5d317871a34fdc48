using Xunit;
using ZfsSync.Testing.Zfs;

namespace ZfsSync.Lab.Tests.Zfs;

/// <summary>What runs one after the other on one VM with OpenZFS 2.1.</summary>
[CollectionDefinition(nameof(Zfs21Vm))]
public class OnZfs21 : ICollectionFixture<Zfs21Vm>;

/// <summary>What runs one after the other on one VM with OpenZFS 2.3.</summary>
[CollectionDefinition(nameof(Zfs23Vm))]
public class OnZfs23 : ICollectionFixture<Zfs23Vm>;

[Collection(nameof(Zfs21Vm))]
public class RealZfs21Contract(Zfs21Vm vm) : ZfsContract(vm.Zfs);

[Collection(nameof(Zfs23Vm))]
public class RealZfs23Contract(Zfs23Vm vm) : ZfsContract(vm.Zfs);
