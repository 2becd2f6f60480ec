//! What hands out memory. The system's allocator keeps what a burst took: 190 MiB more at rest, where some passwords had
//! been hashed, and twice as much for each further watcher. How soon this one gives pages back is set where it is
//! compiled, in `.cargo/config.toml`.

#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
