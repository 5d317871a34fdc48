using ZfsSync.Simulation;
using ZfsSync.Testing.Zfs;

namespace ZfsSync.Tests.Simulation;

public class SimulatedZfs21Contract() : ZfsContract(new SimulatedZfs(ZfsRelease.Zfs21));

public class SimulatedZfs23Contract() : ZfsContract(new SimulatedZfs(ZfsRelease.Zfs23));
