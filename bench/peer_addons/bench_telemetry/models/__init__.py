from . import bench_telemetry_sample
