namespace Ferry.Hosting.Jobs;

/// <summary>Places where a test may kill the process: <c>FERRY_FAULT_POINT=name[:n]</c> kills it with SIGKILL at the n-th hit (default 1);
/// <c>name:n:stop</c> stops it there with SIGSTOP.</summary>
public interface IFaultPoints
{
    /// <summary>Execution has come to the place; does nothing unless the environment names it.</summary>
    void Hit(string name);
}
