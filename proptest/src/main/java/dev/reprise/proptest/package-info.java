package dev.reprise.proptest;
