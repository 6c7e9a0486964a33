create database identity;
create database consent;
create database certificate_store;
create database dispatch;
