using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// Finds native librdkafka: the file named by STREAMINSIGHT_LIBRDKAFKA, else the one that came with the packages, else the one that
/// <c>./insight setup</c> built into <c>.local/</c> of the folder the program runs from or one above it.
/// </summary>
internal static class NativeLibrdkafka
{
    internal const string Variable = "STREAMINSIGHT_LIBRDKAFKA";
    internal const string Name = "librdkafka";

    private static readonly Lazy<string?> Failure = new(Load);

    /// <summary>Before any use of the client. Throws one clear <see cref="DependencyUnavailableException"/> if the library is not there.</summary>
    public static void EnsureLoaded()
    {
        if (Failure.Value is { } failure)
            throw new DependencyUnavailableException(failure);
    }

    private static string? Load()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
            NativeLibrary.SetDllImportResolver(typeof(NativeLibrdkafka).Assembly, Resolve);
            _ = Library.VersionString; // the first call into it loads it
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or TypeInitializationException or InvalidOperationException)
        {
            return $"Kafka's native library librdkafka {ManagedVersion} cannot be loaded: run ./insight setup, or name the file in {Variable}. ({FirstLine(e)})";
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        // The client asks for "libdl", whose plain name only exists where a C compiler is installed.
        if (name == "libdl" && OperatingSystem.IsLinux())
            return NativeLibrary.TryLoad("libdl.so.2", out nint dl) ? dl : 0;
        if (name == Name && Locate() is { } file)
            return NativeLibrary.Load(file);
        return assembly == typeof(NativeLibrdkafka).Assembly ? LoadFromPackages(assembly, path) : 0; // 0: the client knows where its package put it
    }

    /// <summary>The builds that the package brings; the first needs libsasl2, which not every machine has. The client tries the same ones.</summary>
    private static nint LoadFromPackages(Assembly assembly, DllImportSearchPath? path)
    {
        foreach (string build in (ReadOnlySpan<string>)[Name, "centos8-librdkafka", "alpine-librdkafka"])
        {
            if (NativeLibrary.TryLoad(build, assembly, path, out nint handle))
                return handle;
        }
        return 0;
    }

    private static string? Locate()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            return named;
        return CameWithPackages() ? null : BuiltBySetup();
    }

    private static bool CameWithPackages()
    {
        var directories = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return directories.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(directory => Directory.Exists(directory) && Directory.EnumerateFiles(directory, Name + ".*").Any());
    }

    private static string? BuiltBySetup()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var file = Path.Combine(directory.FullName, ".local", Name, ManagedVersion, "librdkafka.so.1");
            if (File.Exists(file))
                return file;
        }
        return null;
    }

    /// <summary>Managed client and native library go together by version.</summary>
    private static string ManagedVersion => typeof(Library).Assembly.GetName().Version!.ToString(3);

    private static string FirstLine(Exception e)
    {
        while (e is TypeInitializationException && e.InnerException is { } inner)
            e = inner;
        return e.Message.Split('\n')[0].Trim();
    }
}
