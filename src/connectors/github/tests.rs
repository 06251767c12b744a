mod contract;
mod official;
